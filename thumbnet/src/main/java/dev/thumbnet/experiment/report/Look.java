package dev.thumbnet.experiment.report;

import java.awt.Color;
import java.util.Optional;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How a method looks in every chart.
 *
 * @param color of line and marker; none for that of the text
 * @param shape of the points
 * @param dashed whether the line is
 */
public record Look(Optional<Color> color, Shape shape, boolean dashed) {
  /** The markers, each with a character like it for legends. */
  public enum Shape {
    /** A square on its corner. */
    DIAMOND(SeriesMarkers.DIAMOND, '◆'),
    /** Two lines across. */
    CROSS(SeriesMarkers.CROSS, '×'),
    /** Two lines, upright. */
    PLUS(SeriesMarkers.PLUS, '+'),
    /** A square. */
    SQUARE(SeriesMarkers.SQUARE, '■'),
    /** A triangle on its side. */
    TRIANGLE(SeriesMarkers.TRIANGLE_UP, '▲'),
    /** A triangle on its corner. */
    WEDGE(SeriesMarkers.TRIANGLE_DOWN, '▼'),
    /** A circle. */
    CIRCLE(SeriesMarkers.CIRCLE, '●');

    private final Marker marker;
    private final char symbol;

    Shape(Marker marker, char symbol) {
      this.marker = marker;
      this.symbol = symbol;
    }

    Marker marker() {
      return marker;
    }
  }

  /** A look of a colour. */
  static Look of(int rgb, Shape shape, boolean dashed) {
    return new Look(Optional.of(new Color(rgb)), shape, dashed);
  }

  /** The colour as CSS writes it. */
  String css() {
    return color.map(c -> Texts.format("#%06x", c.getRGB() & 0xFFFFFF)).orElse("currentColor");
  }

  /** The line and its marker as text. */
  String legend() {
    return dashed ? "┄" + shape.symbol + "┄" : "─" + shape.symbol + "─";
  }
}
