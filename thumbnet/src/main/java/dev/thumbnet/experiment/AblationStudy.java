package dev.thumbnet.experiment;

import static dev.thumbnet.experiment.report.Texts.format;
import static dev.thumbnet.experiment.report.Texts.words;

import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Results.DataFacts;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.method.thumbnet.VariantMethod;
import dev.thumbnet.method.thumbnet.VariantMethod.Variant;
import dev.thumbnet.model.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What each part of ThumbNet is worth: it is left out, or done otherwise, one at a time. */
final class AblationStudy implements Study {
  private static final StudentMethod SUBJECT = StudentMethod.THUMBNET;
  private static final VariantMethod VARIANTS = VariantMethod.VARIANTS;

  @Override
  public String key() {
    return "ablation";
  }

  @Override
  public String name() {
    return "ThumbNet with one thing done otherwise";
  }

  @Override
  public String introduction() {
    return "ThumbNet has four losses, two phases, a downscaler with normalisation and a student"
        + " that starts from its teacher. Which of these does it need? In each row one thing is"
        + " left out or done otherwise, and the row stands beside ThumbNet as it is.";
  }

  @Override
  public String conditions() {
    return "Every row sees the same pictures in the same order for the same number of epochs, the"
        + " first phase included. Nothing else is chosen anew for a variant, its learning rate not"
        + " either. Times are not measured: all rows run the same networks.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return SUBJECT;
  }

  /** All learn from the same batches and need nothing but the teacher: they run side by side. */
  @Override
  public List<Entry> entries(Setting setting) {
    List<Entry> entries = new ArrayList<>();
    for (Reduction reduction : setting.reductions()) {
      entries.addAll(Entry.all(SUBJECT, setting.with(reduction)));
      entries.addAll(Entry.all(VARIANTS, setting.with(reduction)));
    }
    return entries;
  }

  @Override
  public boolean timed() {
    return false;
  }

  @Override
  public boolean inGallery(Row row) {
    return row.method().equals(SUBJECT.key());
  }

  @Override
  public List<Comparison> comparisons(Results results) {
    return new Comparisons(results)
        .onAsManyPixels().stream()
            .filter(pair -> pair.row().method().equals(VARIANTS.key()))
            .toList();
  }

  /** For each set first how many variants are ahead, level and behind; then each variant. */
  @Override
  public List<Finding> findings(Results results, List<Comparison> all) {
    List<Finding> findings = new ArrayList<>();
    for (DataFacts set : results.data()) {
      List<Comparison> pairs = Comparisons.onSet(all, set);
      if (pairs.isEmpty()) {
        continue;
      }
      String where = Comparisons.where(results, set);
      findings.add(
          Comparisons.tally(
              SUBJECT.name() + " as it is" + where,
              pairs,
              "variants, each beside " + SUBJECT.name() + " at the same ratio"));
      for (Variant variant : variants(results.setting())) {
        List<Comparison> of =
            pairs.stream()
                .filter(pair -> variant.key().equals(pair.row().point().settings().get("variant")))
                .toList();
        if (!of.isEmpty()) {
          findings.add(
              new Finding(
                  "ThumbNet " + variant.label() + where,
                  of.stream().map(AblationStudy::sentence).collect(Collectors.joining(" "))));
        }
      }
    }
    return findings;
  }

  private static List<Variant> variants(Setting setting) {
    return VariantMethod.ablation(setting.downscaler(), setting.reductions().getFirst());
  }

  private static String sentence(Comparison pair) {
    return format(
        "%s names the right class for %s %% of the pictures; beside %s, with %s %%, it is %s.",
        pair.row().title(),
        pair.row().acc1(),
        pair.other().title(),
        pair.other().acc1(),
        words(pair));
  }
}
