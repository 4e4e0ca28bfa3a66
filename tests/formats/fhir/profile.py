"""A small checker of cardinalities, driven by the snapshot of a StructureDefinition and nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

JSON = dict[str, Any]


def _instances(resource: JSON, path: list[str]) -> Iterator[Any]:
    """The values at a path below the resource, lists opened."""
    found: list[Any] = [resource]
    for name in path:
        values = (each.get(name) for each in found if isinstance(each, dict))
        found = [
            one for value in values if value is not None for one in (value if isinstance(value, list) else [value])
        ]
    yield from found


def violations(definition: JSON, resource: JSON) -> list[str]:
    """All that is wrong with a resource by itself; what is in a bundle is another resource."""
    return [*structure(definition, resource), *empty_places(resource, ""), *_containment(resource)]


def structure(definition: JSON, resource: JSON) -> list[str]:
    """Cardinalities that do not hold, and names that the snapshot does not know where it lists the children."""
    elements = [each for each in definition["snapshot"]["element"] if ":" not in each["id"]]
    known: dict[str, set[str]] = {}
    faults = []
    for element in elements[1:]:
        *parents, name = element["id"].split(".")[1:]
        known.setdefault(".".join(parents), set()).add(name)
        highest = float("inf") if element["max"] == "*" else int(element["max"])
        for parent in _instances(resource, parents):
            count = len(list(_instances(parent, [name])))
            if not element["min"] <= count <= highest:
                faults.append(f"{element['id']}: {count}, not {element['min']}..{element['max']}")
    for path, names in known.items():
        for parent in _instances(resource, path.split(".") if path else []):
            unknown = set(parent) - names - {"resourceType"}
            faults += [f"{path}.{name}: unknown" for name in unknown]
    return faults


def empty_places(value: Any, path: str) -> Iterator[str]:
    """FHIR has no empty object, list or text, and no null."""
    if value is None or value in ("", {}, []):
        yield f"{path}: empty"
    if isinstance(value, dict):
        for name, each in value.items():
            yield from empty_places(each, f"{path}.{name}")
    if isinstance(value, list):
        for each in value:
            yield from empty_places(each, path)


def _containment(resource: JSON) -> Iterator[str]:
    """dom-2 to dom-4: nothing nested, each referenced, no version; each local reference leads somewhere."""
    contained = resource.get("contained", [])
    names = [each["id"] for each in contained]
    used = {each[1:] for each in _references(resource) if each.startswith("#")}
    if len(set(names)) != len(names):
        yield "contained: an id twice"
    yield from (f"contained {name}: not referenced" for name in set(names) - used)
    yield from (f"#{name}: leads nowhere" for name in used - set(names))
    yield from ("contained: meta or nesting" for each in contained if "meta" in each or "contained" in each)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str):
            yield reference
        for each in value.values():
            yield from _references(each)
    if isinstance(value, list):
        for each in value:
            yield from _references(each)


def target_types(resource: JSON, name: str) -> set[str]:
    """The types of the contained resources that the references under `name` lead to."""
    kinds = {each["id"]: each["resourceType"] for each in resource["contained"]}
    values = resource.get(name, [])
    references = values if isinstance(values, list) else [values]
    return {kinds[each["reference"][1:]] for each in references if "reference" in each}
