package dev.thumbnet.experiment;

import dev.thumbnet.experiment.Results.CurvePoint;
import dev.thumbnet.experiment.Results.Row;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of the report, as PNG files in memory; each exists for light and for dark pages. */
final class Charts {
  /** Charts are drawn with this many pixels per CSS pixel, to be sharp on phones and in print. */
  private static final int DENSITY = 2;

  private static final int WIDTH = 620;
  private static final int HEIGHT = 400;

  /** The colours of a page. */
  enum Theme {
    LIGHT(new Color(0xFFFFFF), new Color(0x1F2328), new Color(0xD8DEE4)),
    DARK(new Color(0x161B22), new Color(0xE6EDF3), new Color(0x363D46));

    private final Color background;
    private final Color text;
    private final Color grid;

    Theme(Color background, Color text, Color grid) {
      this.background = background;
      this.text = text;
      this.grid = grid;
    }
  }

  /**
   * How a method looks in every chart; hues that colour-blind readers can tell apart.
   *
   * @param color of line and marker; null for that of the text
   * @param marker of the points
   * @param symbol a character like the marker, for the legend
   * @param dashed whether the line is
   */
  record Look(Color color, Marker marker, char symbol, boolean dashed) {
    private static final Color GRAY = new Color(0x8C959F);
    private static final Color ORANGE = new Color(0xE69F00);
    private static final Color BLUE = new Color(0x2F94D6);
    private static final Color GREEN = new Color(0x00A376);

    static Look of(Method method) {
      return switch (method.key()) {
        case "original" -> new Look(null, SeriesMarkers.DIAMOND, '◆', false);
        case "direct" -> new Look(GRAY, SeriesMarkers.CROSS, '×', true);
        case "direct-bn" -> new Look(GRAY, SeriesMarkers.PLUS, '+', true);
        case "bicubic" -> new Look(ORANGE, SeriesMarkers.SQUARE, '■', true);
        case "bicubic-distill" -> new Look(ORANGE, SeriesMarkers.SQUARE, '■', false);
        case "supervised" -> new Look(BLUE, SeriesMarkers.TRIANGLE_UP, '▲', true);
        case "supervised-distill" -> new Look(BLUE, SeriesMarkers.TRIANGLE_UP, '▲', false);
        default -> new Look(GREEN, SeriesMarkers.CIRCLE, '●', false);
      };
    }

    /** The colour as CSS writes it. */
    String css() {
      return color == null ? "currentColor" : String.format("#%06x", color.getRGB() & 0xFFFFFF);
    }
  }

  private Charts() {}

  /** Accuracy of every row against its cost, the costs on a logarithmic axis. */
  static byte[] accuracyAndCost(Results results, Theme theme) {
    XYChart chart = chart("Million multiply-adds per picture", "Acc@1 in percent", theme);
    XYStyler styler = chart.getStyler();
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Row row : results.rows()) {
      least = Math.min(least, row.cost().macs() / 1e6);
      most = Math.max(most, row.cost().macs() / 1e6);
    }
    // The axis shows log2, so that ticks stand at every doubling and not only at powers of ten.
    styler.setXAxisMin(Math.floor(log2(least)));
    styler.setXAxisMax(Math.ceil(log2(most)));
    styler.setxAxisTickLabelsFormattingFunction(Charts::power);
    styler.setXAxisTickMarkSpacingHint(90);
    for (Method method : methodsOf(results)) {
      List<Row> rows =
          results.rows().stream().filter(r -> r.method().equals(method.key())).toList();
      double[] costs = rows.stream().mapToDouble(r -> log2(r.cost().macs() / 1e6)).toArray();
      double[] accuracies = rows.stream().mapToDouble(Charts::accuracy).toArray();
      add(chart, method, costs, accuracies, theme);
    }
    return png(chart);
  }

  /**
   * Accuracy on the validation set after each epoch, for the first seed.
   *
   * @param ratio of the areas; 1 for the teacher
   */
  static byte[] trainingCurves(Results results, int ratio, Theme theme) {
    XYChart chart = chart("Epoch", "Acc@1 on the validation set, percent", theme);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setXAxisMin(0.0);
    for (Row row : results.rows()) {
      List<CurvePoint> curve =
          row.runs().getFirst().curve().stream().filter(p -> p.valAcc1() != null).toList();
      if (row.ratio() == ratio && !curve.isEmpty()) {
        double[] epochs = curve.stream().mapToDouble(CurvePoint::epoch).toArray();
        double[] accuracies = curve.stream().mapToDouble(CurvePoint::valAcc1).toArray();
        add(chart, Method.of(row.method()), epochs, accuracies, theme);
      }
    }
    return png(chart);
  }

  private static List<Method> methodsOf(Results results) {
    return results.rows().stream().map(Row::method).distinct().map(Method::of).toList();
  }

  private static double accuracy(Row row) {
    return Summary.of(row.runs(), Results.SeedRun::acc1).mean();
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  private static String power(double exponent) {
    double value = Math.pow(2, exponent);
    return String.format(Locale.ROOT, value < 1 ? "%.2f" : "%.0f", value);
  }

  private static XYChart chart(String xTitle, String yTitle, Theme theme) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    XYStyler styler = chart.getStyler();
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    styler.setChartBackgroundColor(theme.background);
    styler.setPlotBackgroundColor(theme.background);
    styler.setChartFontColor(theme.text);
    styler.setAxisTickLabelsColor(theme.text);
    styler.setXAxisTitleColor(theme.text);
    styler.setYAxisTitleColor(theme.text);
    styler.setAxisTickMarksColor(theme.grid);
    styler.setPlotGridLinesColor(theme.grid);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotBorderVisible(false);
    styler.setChartTitleVisible(false);
    // The page has a legend that fits any width.
    styler.setLegendVisible(false);
    styler.setAxisTickLabelsFont(font);
    styler.setAxisTitleFont(font);
    styler.setMarkerSize(9);
    styler.setYAxisDecimalPattern("0");
    styler.setLocale(Locale.ROOT);
    return chart;
  }

  private static void add(XYChart chart, Method method, double[] x, double[] y, Theme theme) {
    Look look = Look.of(method);
    Color color = look.color == null ? theme.text : look.color;
    XYSeries series = chart.addSeries(method.name(), x, y);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(look.marker);
    float[] dashes = look.dashed ? new float[] {5, 4} : null;
    series.setLineStyle(
        new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0));
  }

  private static byte[] png(XYChart chart) {
    BufferedImage image =
        new BufferedImage(WIDTH * DENSITY, HEIGHT * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(DENSITY, DENSITY);
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
