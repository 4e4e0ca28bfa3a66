"""Settings: read once, checked, and wrong ones named in one line that never shows a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carnet.kernel.config import SETTINGS, Config, ConfigError, load, unknown

_ROOT = Path(__file__).resolve().parents[2]


def fault(**environ: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(environ)
    assert "\n" not in str(caught.value)
    return caught.value


def test_without_any_setting_it_is_a_production_that_nobody_can_sign_in_to() -> None:
    config = load({})
    assert (config.demo, config.embedded, config.port) == (False, True, 8000)
    assert config.public_url == "http://localhost:8000"
    assert config.patient_oidc_issuer == config.professional_oidc_issuer == ""
    assert config.data_dir.is_absolute()
    assert config.store_url == f"file://{config.data_dir}/store"
    assert config.key_file == config.data_dir / "keys" / "master.key"


def test_a_demonstration_has_its_own_provider_and_local_names() -> None:
    config = load({"CARNET_DEMO": "1", "CARNET_PORT": "9000"})
    assert config.patient_oidc_issuer == "http://localhost:9000/demo"
    assert config.patient_oidc_client_id == "carnet-patient"
    assert "127.0.0.1" in config.allowed_hosts


def test_a_production_answers_to_its_names_only() -> None:
    config = load({"CARNET_PUBLIC_URL": "https://carnet.example/", "CARNET_EXTRA_HOSTS": "a.example, b.example"})
    assert config.public_url == "https://carnet.example"
    assert config.secure
    assert config.allowed_hosts == ["carnet.example", "a.example", "b.example"]


def test_an_address_with_colons_keeps_its_brackets() -> None:
    assert load({"CARNET_PUBLIC_URL": "http://[::1]:8000"}).allowed_hosts == ["[::1]"]


def test_an_empty_variable_counts_as_unset() -> None:
    assert load({"CARNET_PORT": "", "CARNET_CLAMD": " "}) == load({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CARNET_PORT", "eighty"),
        ("CARNET_PORT", "70000"),
        ("CARNET_PORT", "-1"),
        ("CARNET_DEMO", "perhaps"),
        ("CARNET_PUBLIC_URL", "carnet.example"),
        ("CARNET_PUBLIC_URL", "https://"),
        ("CARNET_STORE_URL", "ftp://elsewhere"),
        ("CARNET_CLAMD", "localhost:3310"),
        ("CARNET_DATABASE_URL", "mysql://root:hunter2@host/x"),
        ("CARNET_LOG_LEVEL", "loud"),
        ("CARNET_MAX_FHIR_BYTES", "25MB"),
        ("CARNET_METRICS_TOKEN_FILE", "/nowhere/token"),
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str) -> None:
    error = fault(**{variable: value})
    assert error.variable == variable
    assert "hunter2" not in str(error)


def test_a_provider_without_our_identifier_is_refused() -> None:
    error = fault(CARNET_PATIENT_OIDC_ISSUER="https://provider.example")
    assert error.variable == "CARNET_PATIENT_OIDC_CLIENT_ID"


class TestSecrets:
    def test_each_may_stand_in_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text("s3cret\n")
        environ = {f"{setting.name}_FILE": str(file) for setting in SETTINGS if setting.name.endswith("PASSWORD")}
        assert load(environ).reader_password == load(environ).writer_password == "s3cret"

    def test_twice_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "secret"
        file.write_text("one")
        error = fault(CARNET_READER_PASSWORD="two", CARNET_READER_PASSWORD_FILE=str(file))
        assert "two" not in str(error)

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        assert "vide" in str(fault(CARNET_READER_PASSWORD_FILE=str(tmp_path / "empty")))

    def test_none_is_printed_with_the_configuration(self) -> None:
        environ = {setting.name: f"{_scheme(setting.name)}hunter2" for setting in SETTINGS if setting.secret}
        config = load(environ)
        assert config.reader_password == "hunter2"
        assert "hunter2" not in repr(config) + str(config)


def _scheme(name: str) -> str:
    if not name.endswith("_URL"):
        return ""
    return "smtp://" if "SMTP" in name else "postgresql://"


class TestList:
    def test_every_variable_that_is_read_is_listed(self) -> None:
        source = (_ROOT / "src/carnet/kernel/config.py").read_text()
        read = set(re.findall(r'values\.\w+\(\s*"(CARNET_\w+)"', source))
        read |= {
            f"CARNET_{who}_OIDC_{what}"
            for who in ("PATIENT", "PROFESSIONAL")
            for what in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
        }
        assert read == {setting.name for setting in SETTINGS}

    def test_no_other_module_reads_a_setting_of_its_own(self) -> None:
        """The command line sets the role, nothing else touches the environment's CARNET_ variables."""
        reads = re.compile(r"(?:environ(?:\.get)?|getenv)[\[(]\s*[\"']CARNET_(?!ROLE)")
        guilty = [
            str(path.relative_to(_ROOT))
            for path in (_ROOT / "src").rglob("*.py")
            if reads.search(path.read_text(encoding="utf-8"))
        ]
        assert guilty == []

    def test_each_has_a_meaning_and_secrets_have_no_value(self) -> None:
        for setting in SETTINGS:
            assert setting.meaning.endswith("."), setting.name
        assert all(not s.default or " " in s.default for s in SETTINGS if s.secret)

    def test_a_slip_of_the_pen_is_noticed(self) -> None:
        environ = {"CARNET_PRT": "1", "CARNET_PORT": "1", "CARNET_READER_PASSWORD_FILE": "x", "HOME": "/"}
        assert unknown(environ) == ["CARNET_PRT"]


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        load({}).port = 1  # type: ignore[misc]
    assert isinstance(load({}), Config)
