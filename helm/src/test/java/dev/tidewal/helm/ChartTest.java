package dev.tidewal.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart as Helm itself renders it. */
class ChartTest {
  private static final Path CHART = Path.of("tidewal");

  @Test
  void lintHasNothingToSay() {
    var result = new Helm(CHART).lint().strict().call();

    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }

  @Test
  void aTypingErrorInAValueIsRefused() {
    assertThatThrownBy(() -> render(Map.of("replica", 2))).hasMessageContaining("replica");
  }

  @Test
  void theOperatorRunsUnderRestrictedPodSecurity() {
    var pod = only(render(Map.of()), Deployment.class).getSpec().getTemplate().getSpec();
    var container = pod.getContainers().getFirst().getSecurityContext();

    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(container.getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
  }

  @Test
  void onlyPodsThatAskAreEverSentToTheWebhook() {
    var hook = only(render(Map.of()), MutatingWebhookConfiguration.class).getWebhooks().getFirst();

    assertThat(hook.getFailurePolicy()).isEqualTo("Fail");
    assertThat(hook.getMatchConditions().getFirst().getExpression())
        .isEqualTo(
            "has(object.metadata.annotations)"
                + " && 'tidewal.dev/inject' in object.metadata.annotations");
    assertThat(hook.getClientConfig().getCaBundle()).as("the operator's to set").isNull();
    assertThat(hook.getNamespaceSelector().getMatchExpressions().getFirst().getValues())
        .contains("kube-system", "tidewal-system");
  }

  @Test
  void definitionsStayWhenTheChartGoes() {
    assertThat(all(render(Map.of()), CustomResourceDefinition.class))
        .hasSize(2)
        .allSatisfy(definition ->
            assertThat(definition.getMetadata().getAnnotations())
                .containsEntry("helm.sh/resource-policy", "keep"));
    assertThat(all(render(Map.of("crds.create", false)), CustomResourceDefinition.class)).isEmpty();
  }

  @Test
  void nothingMayDeleteABucketOrReadMoreThanItNeeds() {
    List<PolicyRule> rules = rules(render(Map.of()));

    assertThat(rules).noneMatch(rule -> rule.getVerbs().contains("*"));
    assertThat(rules).noneMatch(rule -> rule.getResources().contains("*"));
    assertThat(rules)
        .filteredOn(rule -> rule.getApiGroups().contains("objectstorage.k8s.io"))
        .isNotEmpty()
        .noneMatch(rule -> rule.getVerbs().contains("delete"));
    assertThat(rules)
        .filteredOn(rule -> rule.getResources().contains("secrets"))
        .noneMatch(rule -> rule.getVerbs().contains("list") || rule.getVerbs().contains("watch"));
  }

  @Test
  void namedNamespacesNeedNoRightsElsewhere() {
    List<HasMetadata> rendered =
        render(Map.of("watchNamespaces[0]", "shop", "watchNamespaces[1]", "bank"));

    assertThat(all(rendered, Role.class))
        .extracting(role -> role.getMetadata().getNamespace())
        .contains("shop", "bank");
    ClusterRole wide =
        all(rendered, ClusterRole.class).stream()
            .filter(role -> role.getMetadata().getName().equals("tidewal"))
            .findFirst()
            .orElseThrow();
    assertThat(wide.getRules())
        .noneMatch(rule -> rule.getResources().contains("pods"))
        .noneMatch(rule -> rule.getResources().contains("secrets"));
  }

  @Test
  void theNamespaceOfTheOperatorMayBeWatchedToo() {
    List<Role> roles = all(render(Map.of("watchNamespaces[0]", "tidewal-system")), Role.class);

    assertThat(roles)
        .extracting(role -> role.getMetadata().getName())
        .containsExactlyInAnyOrder("tidewal", "tidewal-watch");
  }

  @Test
  void oneReplicaHasNoDisruptionBudgetThatWouldBlockEveryDrain() {
    assertThat(all(render(Map.of("replicas", 1)), PodDisruptionBudget.class)).isEmpty();
    assertThat(all(render(Map.of("replicas", 2)), PodDisruptionBudget.class)).hasSize(1);
  }

  @Test
  void noSecretIsInTheChart() {
    assertThat(all(render(Map.of()), Secret.class)).isEmpty();
  }

  private static List<PolicyRule> rules(List<HasMetadata> rendered) {
    return Stream.concat(
            all(rendered, ClusterRole.class).stream().flatMap(role -> role.getRules().stream()),
            all(rendered, Role.class).stream().flatMap(role -> role.getRules().stream()))
        .toList();
  }

  private static <T extends HasMetadata> T only(List<HasMetadata> rendered, Class<T> kind) {
    List<T> found = all(rendered, kind);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static <T extends HasMetadata> List<T> all(List<HasMetadata> rendered, Class<T> kind) {
    return rendered.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static List<HasMetadata> render(Map<String, Object> values) {
    TemplateCommand command =
        new Helm(CHART)
            .template()
            .withName("tidewal")
            .withNamespace("tidewal-system")
            .withKubeVersion("1.30.0");
    values.forEach((key, value) -> command.set(key, value));
    return Arrays.stream(command.call().split("(?m)^---\\s*$", -1))
        .filter(document -> document.lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#")))
        .<HasMetadata>map(Serialization::unmarshal)
        .toList();
  }
}
