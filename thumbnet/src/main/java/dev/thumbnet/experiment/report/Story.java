package dev.thumbnet.experiment.report;

import java.util.List;

/**
 * The words of a report around its numbers.
 *
 * @param name of the study
 * @param introduction what was to be found out, for readers who know nothing of it
 * @param conditions what holds for all rows alike
 * @param findings what the numbers say
 */
public record Story(String name, String introduction, String conditions, List<Finding> findings) {
  /** Copies the list. */
  public Story {
    findings = List.copyOf(findings);
  }
}
