import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * Validates resources against base R4 and the packages on the class path. Arguments: a file with a line for each
 * resource, its path and, after a tab, a profile to hold it against; then the names of packages. Prints
 * `path TAB severity TAB place TAB message` for each finding, and `path TAB done`.
 */
public class Validate {
    /** The packages name the definitions of the core with their version. */
    private static final class Core extends DefaultProfileValidationSupport {
        Core(FhirContext context) {
            super(context);
        }

        private static String bare(String url) {
            return url.startsWith("http://hl7.org/fhir/") && url.endsWith("|4.0.1") ? url.substring(0, url.length() - 6) : url;
        }

        @Override
        public IBaseResource fetchStructureDefinition(String url) {
            return super.fetchStructureDefinition(bare(url));
        }

        @Override
        public <T extends IBaseResource> T fetchResource(Class<T> type, String url) {
            return super.fetchResource(type, bare(url));
        }
    }

    public static void main(String[] arguments) throws Exception {
        FhirContext context = FhirContext.forR4();
        NpmPackageValidationSupport packages = new NpmPackageValidationSupport(context);
        for (int i = 1; i < arguments.length; i++) {
            packages.loadPackageFromClasspath("classpath:" + arguments[i]);
        }
        UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
        unknown.setNonExistentCodeSystemSeverity(ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity.WARNING);
        ValidationSupportChain chain = new ValidationSupportChain(
            packages,
            new Core(context),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context),
            unknown);
        FhirInstanceValidator instances = new FhirInstanceValidator(chain);
        instances.setAnyExtensionsAllowed(true);
        instances.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        FhirValidator validator = context.newValidator().registerValidatorModule(instances);
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] given = line.split("\t");
            ValidationOptions options = new ValidationOptions();
            if (given.length > 1) {
                options.addProfile(given[1]);
            }
            String text = Files.readString(Path.of(given[0]));
            for (SingleValidationMessage each : validator.validateWithResult(text, options).getMessages()) {
                System.out.println(given[0] + "\t" + each.getSeverity().getCode() + "\t" + each.getLocationString()
                    + "\t" + each.getMessage().replaceAll("\\s+", " "));
            }
            System.out.println(given[0] + "\tdone");
        }
    }
}
