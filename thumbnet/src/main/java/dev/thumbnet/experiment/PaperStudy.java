package dev.thumbnet.experiment;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.report.Comparisons;
import dev.thumbnet.experiment.report.Finding;
import dev.thumbnet.experiment.results.Comparison;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.direct.DirectMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The paper's table: ThumbNet, and what is left of it when parts are left out. */
final class PaperStudy implements Study {
  private static final List<Method> AT_EACH_REDUCTION =
      List.of(
          DirectMethod.DIRECT,
          DirectMethod.REESTIMATED,
          StudentMethod.BICUBIC,
          StudentMethod.SUPERVISED,
          StudentMethod.BICUBIC_DISTILL,
          StudentMethod.SUPERVISED_DISTILL,
          StudentMethod.THUMBNET);

  /** What a learned thumbnail has to be better than. */
  private static final List<Method> RIVALS =
      List.of(StudentMethod.BICUBIC, StudentMethod.BICUBIC_DISTILL);

  private static final Set<String> IN_GALLERY =
      Set.of(StudentMethod.BICUBIC.key(), StudentMethod.THUMBNET.key());

  @Override
  public String key() {
    return "paper";
  }

  @Override
  public String name() {
    return "The paper's table";
  }

  @Override
  public String introduction() {
    return "A network that recognises pictures gets cheaper when it looks at thumbnails instead of"
        + " full pictures, and worse. ThumbNet trains a tiny downscaler to make thumbnails that"
        + " keep what matters, and a student network that learns from the full-size network, the"
        + " teacher, how to read them.";
  }

  @Override
  public String conditions() {
    return "Every student starts from the teacher's weights, sees the same pictures in the same"
        + " order and is trained for the same number of epochs.";
  }

  @Override
  public Method reference() {
    return TeacherMethod.ORIGINAL;
  }

  @Override
  public Method subject() {
    return StudentMethod.THUMBNET;
  }

  @Override
  public List<Entry> entries(Setting setting) {
    List<Entry> entries = new ArrayList<>();
    for (Reduction reduction : setting.reductions()) {
      for (Method method : AT_EACH_REDUCTION) {
        entries.addAll(Entry.all(method, setting.with(reduction)));
      }
    }
    return entries;
  }

  @Override
  public Map<String, TrainedModel> atPaperSize(Setting setting, Device device) {
    return PaperCosts.ofThumbnails(setting, device);
  }

  @Override
  public boolean inGallery(Row row) {
    return IN_GALLERY.contains(row.method());
  }

  @Override
  public List<Finding> findings(Results results, List<Comparison> pairs) {
    return new Comparisons(results).ofSubject(RIVALS.stream().map(Method::key).toList());
  }
}
