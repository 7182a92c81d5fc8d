package dev.thumbnet.bench.harness;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Results whose starts have a kind and a number. */
record Toys(@JsonProperty("command") String command, @JsonProperty("toys") List<Toy> toys)
    implements Results<Integer> {

  record Toy(@JsonProperty("kind") String kind, @JsonProperty("value") int value) {}

  @Override
  public String date() {
    return "today";
  }

  @Override
  public String machine() {
    return "a machine";
  }

  @Override
  public List<String> conditions() {
    return List.of(command, machine());
  }

  @Override
  public int starts(String kind) {
    return (int) toys.stream().filter(toy -> toy.kind.equals(kind)).count();
  }

  @Override
  public void add(String kind, Integer value) {
    toys.add(new Toy(kind, value));
  }

  @Override
  public String tables() {
    return toys.size() + " toys\n";
  }
}
