package dev.thumbnet.experiment.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads tables of reports: each row is a map from the header of a column to its cell. */
public final class Cells {
  private Cells() {}

  /** An XML parser is stricter than a browser: it finds every tag that is not closed. */
  public static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
  }

  /** The texts of all elements with a name. */
  public static List<String> texts(Document document, String tag) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = document.getElementsByTagName(tag);
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  /**
   * The rows of the first table whose first header is {@code first}; headings of groups are no
   * rows.
   */
  public static List<Map<String, String>> ofHtml(Document document, String first) {
    NodeList tables = document.getElementsByTagName("table");
    for (int i = 0; i < tables.getLength(); i++) {
      NodeList rows = ((Element) tables.item(i)).getElementsByTagName("tr");
      List<String> headers = headers((Element) rows.item(0));
      if (!headers.isEmpty() && headers.getFirst().equals(first)) {
        List<Map<String, String>> cells = new ArrayList<>();
        for (int j = 1; j < rows.getLength(); j++) {
          List<String> texts = children((Element) rows.item(j), "td");
          if (!texts.isEmpty()) {
            cells.add(zip(headers, texts));
          }
        }
        return cells;
      }
    }
    throw new IllegalArgumentException("no table begins with " + first);
  }

  /** A header and its unit as the other forms write them. */
  private static List<String> headers(Element row) {
    List<String> headers = new ArrayList<>();
    NodeList cells = row.getElementsByTagName("th");
    for (int i = 0; i < cells.getLength(); i++) {
      Element cell = (Element) cells.item(i);
      NodeList small = cell.getElementsByTagName("small");
      String unit = small.getLength() == 0 ? "" : small.item(0).getTextContent();
      String all = cell.getTextContent();
      String header = all.substring(0, all.length() - unit.length());
      headers.add(unit.isEmpty() ? header : header + ", " + unit);
    }
    return headers;
  }

  private static List<String> children(Element row, String tag) {
    List<String> texts = new ArrayList<>();
    NodeList cells = row.getElementsByTagName(tag);
    for (int i = 0; i < cells.getLength(); i++) {
      texts.add(cells.item(i).getTextContent());
    }
    return texts;
  }

  /** The rows of the first table of a Markdown text. */
  public static List<Map<String, String>> ofMarkdown(String text) {
    List<List<String>> lines =
        text.lines()
            .dropWhile(line -> !line.startsWith("|"))
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.substring(2, line.length() - 2))
            .map(line -> List.of(line.split(" \\| ", -1)))
            .toList();
    return lines.stream().skip(2).map(line -> zip(lines.getFirst(), line)).toList();
  }

  /** The rows of a table for a terminal, whose columns are two spaces apart. */
  public static List<Map<String, String>> ofConsole(String text) {
    List<List<String>> lines =
        text.lines()
            .takeWhile(line -> !line.isEmpty())
            .map(line -> Arrays.stream(line.strip().split(" {2,}")).toList())
            .toList();
    return lines.stream().skip(1).map(line -> zip(lines.getFirst(), line)).toList();
  }

  private static Map<String, String> zip(List<String> headers, List<String> cells) {
    if (headers.size() != cells.size()) {
      throw new IllegalArgumentException(headers + " do not fit " + cells);
    }
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      if (row.put(headers.get(i), cells.get(i)) != null) {
        throw new IllegalArgumentException("two columns are called " + headers.get(i));
      }
    }
    return row;
  }

  /** The row that begins with a title. */
  public static Map<String, String> row(List<Map<String, String>> rows, String title) {
    return rows.stream()
        .filter(row -> row.values().iterator().next().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no row " + title + " in " + rows));
  }
}
