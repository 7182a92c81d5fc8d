package dev.thumbnet.experiment;

import dev.thumbnet.experiment.Experiment.Design;
import dev.thumbnet.experiment.Study.Entry;
import dev.thumbnet.experiment.results.Results;
import dev.thumbnet.experiment.results.Row;
import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * In which order the cells of an experiment are run: set by set, seed by seed, the reference first
 * and then as the study says, but for each cell those before it whose models it gets. Also which of
 * them are run at all, and in which order the table has their rows.
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

    /** Tells whether it makes the model of a row and a seed. */
    boolean gives(Row row, long of) {
      return seed == of
          && set.name().equals(row.data())
          && entry.method().key().equals(row.method())
          && entry.training().points().stream().anyMatch(p -> p.key().equals(row.point().key()));
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

  private final Map<Place, Cell> all = new LinkedHashMap<>();
  private final List<Cell> wanted = new ArrayList<>();
  private final List<Row.Place> table;
  private final List<Cell> cells;

  private RunningOrder(Design design) {
    for (ExperimentData set : design.data()) {
      add(set, design);
    }
    List<Cell> complete = new Walk().over(all.values());
    table =
        complete.stream()
            .flatMap(cell -> cell.places().stream())
            .map(place -> new Row.Place(place.set, place.method, place.point))
            .distinct()
            .toList();
    checkNames(design);
    wanted.removeIf(cell -> !design.only().isEmpty() && !isNamed(cell, design.only()));
    cells = new Walk().over(wanted);
  }

  /**
   * Finds the order of a design.
   *
   * @throws IllegalArgumentException if a cell needs a model that none makes, or its own, directly
   *     or by way of others, or only rows are wanted that there are not
   * @throws IllegalStateException if the study's reference has several points, or the study lists
   *     one twice, or runs other entries than it lists
   */
  static RunningOrder of(Design design) {
    return new RunningOrder(design);
  }

  /** Returns the cells that are to be run: those wanted, and whose models they get. */
  List<Cell> cells() {
    return cells;
  }

  /** Returns rows in the order of the table, whenever they were run; the study's rows first. */
  List<Row> sorted(List<Row> rows) {
    return rows.stream()
        .sorted(
            Comparator.comparingInt(
                row -> table.contains(row.place()) ? table.indexOf(row.place()) : table.size()))
        .toList();
  }

  /** Returns what the table has and results lack, because it was not wanted. */
  List<String> leftOut(Results results) {
    List<Row.Place> there = results.rows().stream().map(Row::place).toList();
    Set<String> titles = new LinkedHashSet<>();
    for (Cell cell : all.values()) {
      for (OperatingPoint point : cell.entry().training().points()) {
        Method method = cell.entry().method();
        if (!there.contains(new Row.Place(cell.set().name(), method.key(), point.key()))) {
          titles.add(
              Row.title(method.name(), point)
                  + (results.data().size() == 1 ? "" : " on " + cell.set().name()));
        }
      }
    }
    return List.copyOf(titles);
  }

  private void add(ExperimentData set, Design design) {
    Study study = design.study();
    Setting setting = design.setting().withClasses(set.pictures().train().classes().size());
    Entry reference = reference(study, setting);
    List<String> others =
        design.data().stream().filter(other -> other != set).map(ExperimentData::name).toList();
    List<Entry> entries = study.entries(setting, others);
    List<Entry> run = study.inRunningOrder(setting, entries);
    if (run.size() != entries.size() || !Set.copyOf(run).equals(Set.copyOf(entries))) {
      throw new IllegalStateException("the study runs other entries than it lists");
    }
    Need teacher =
        new Need(reference.method().key(), reference.training().points().getFirst().key());
    for (long seed : design.seeds()) {
      Cell first = new Cell(set, seed, reference, Optional.empty());
      add(first);
      wanted.add(first);
      entries.forEach(entry -> add(new Cell(set, seed, entry, Optional.of(teacher))));
      run.forEach(entry -> wanted.add(new Cell(set, seed, entry, Optional.of(teacher))));
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
      if (all.put(place, cell) != null) {
        throw new IllegalStateException("the study lists " + place + " twice");
      }
    }
  }

  // ---------------------------------------------------------------- what is wanted

  /** The names that rows of a cell have: that of the method, and those of its models. */
  private static List<String> names(Cell cell) {
    Method method = cell.entry().method();
    List<String> names = new ArrayList<>(List.of(method.key()));
    cell.entry().training().points().forEach(point -> names.add(method.fileName(point)));
    return names;
  }

  /** The reference is always wanted, for all others are compared with it. */
  private static boolean isNamed(Cell cell, List<String> only) {
    return cell.teacher().isEmpty() || names(cell).stream().anyMatch(only::contains);
  }

  private void checkNames(Design design) {
    Set<String> known = new LinkedHashSet<>();
    all.values().forEach(cell -> known.addAll(names(cell)));
    for (String name : design.only()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "the study "
                + design.study().key()
                + " has no row '"
                + name
                + "' with these settings; there are "
                + String.join(", ", known));
      }
    }
  }

  // ---------------------------------------------------------------- what needs what

  /** Puts cells behind those whose models they get. */
  private final class Walk {
    private final Set<Place> begun = new LinkedHashSet<>();
    private final Map<Place, Cell> order = new LinkedHashMap<>();

    List<Cell> over(Collection<Cell> some) {
      some.forEach(this::visit);
      return List.copyOf(order.values());
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
        Cell needed = all.get(place);
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
}
