package dev.thumbnet.experiment;

import dev.thumbnet.experiment.Experiment.Design;
import dev.thumbnet.experiment.Study.Entry;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * In which order the cells of an experiment are run: set by set, seed by seed, the reference first
 * and then as the study lists them, but for each cell those before it whose models it gets.
 */
final class RunningOrder {

  /**
   * An entry of a study, on a data set, with a seed.
   *
   * @param teacher the reference, whose model it gets; none for the reference itself
   */
  record Cell(ExperimentData set, long seed, Entry entry, Optional<Need> teacher) {
    /** Where the first of its models is found, which tells it from all other cells. */
    private Place first() {
      return place(entry.training().points().getFirst());
    }

    /** Tells whether it gets the same models as another cell on the same set with the same seed. */
    boolean getsAs(Cell other) {
      return set == other.set
          && seed == other.seed
          && teacher.equals(other.teacher)
          && entry.needs().equals(other.entry.needs());
    }

    private Place place(OperatingPoint point) {
      return new Place(set.name(), seed, entry.method().key(), point.key());
    }

    private List<Place> places() {
      return entry.training().points().stream().map(this::place).toList();
    }

    /** Where the models are found that it gets. */
    private List<Place> needed() {
      List<Need> needs = new ArrayList<>(entry.needs());
      teacher.ifPresent(needs::addFirst);
      return needs.stream()
          .map(n -> new Place(n.data().orElse(set.name()), seed, n.method(), n.point()))
          .toList();
    }
  }

  /** Where a model is found: nothing else has the same. */
  private record Place(String set, long seed, String method, String point) {
    @Override
    public String toString() {
      return method + " " + point + " on " + set;
    }
  }

  private final Map<Place, Cell> cells = new LinkedHashMap<>();
  private final Set<Place> begun = new LinkedHashSet<>();
  private final Map<Place, Cell> order = new LinkedHashMap<>();

  private RunningOrder() {}

  /**
   * Returns all cells of a design.
   *
   * @throws IllegalArgumentException if a cell needs a model that none makes, or its own, directly
   *     or by way of others
   * @throws IllegalStateException if the study's reference has several points, or the study lists
   *     one twice
   */
  static List<Cell> of(Design design) {
    RunningOrder running = new RunningOrder();
    for (ExperimentData set : design.data()) {
      running.add(set, design);
    }
    List.copyOf(running.cells.values()).forEach(running::visit);
    return List.copyOf(running.order.values());
  }

  private void add(ExperimentData set, Design design) {
    Study study = design.study();
    Setting setting = design.setting().withClasses(set.pictures().train().classes().size());
    Entry reference = reference(study, setting);
    List<String> others =
        design.data().stream().filter(other -> other != set).map(ExperimentData::name).toList();
    List<Entry> entries = study.entries(setting, others);
    Need teacher =
        new Need(reference.method().key(), reference.training().points().getFirst().key());
    for (long seed : design.seeds()) {
      add(new Cell(set, seed, reference, Optional.empty()));
      entries.forEach(entry -> add(new Cell(set, seed, entry, Optional.of(teacher))));
    }
  }

  private static Entry reference(Study study, Setting setting) {
    List<Entry> entries = Entry.all(study.reference(), setting);
    if (entries.size() != 1 || entries.getFirst().training().points().size() != 1) {
      throw new IllegalStateException(
          "the reference of a study has one operating point: " + study.reference().key());
    }
    return entries.getFirst();
  }

  private void add(Cell cell) {
    for (Place place : cell.places()) {
      if (cells.put(place, cell) != null) {
        throw new IllegalStateException("the study lists " + place + " twice");
      }
    }
  }

  private void visit(Cell cell) {
    Place at = cell.first();
    if (order.containsKey(at)) {
      return;
    }
    if (!begun.add(at)) {
      throw new IllegalArgumentException(
          "these models need each other: "
              + begun.stream()
                  .dropWhile(place -> !place.equals(at))
                  .map(place -> place + " → ")
                  .collect(Collectors.joining())
              + at);
    }
    for (Place place : cell.needed()) {
      Cell needed = cells.get(place);
      if (needed == null) {
        throw new IllegalArgumentException(
            at + " needs the model of " + place + ", which is not among what the study runs");
      }
      visit(needed);
    }
    begun.remove(at);
    order.put(at, cell);
  }
}
