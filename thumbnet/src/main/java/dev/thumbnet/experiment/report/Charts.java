package dev.thumbnet.experiment.report;

import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.experiment.results.CostCurve;
import dev.thumbnet.experiment.results.CurvePoint;
import dev.thumbnet.experiment.results.Row;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
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

  private final Looks looks;
  private final Theme theme;

  /** Draws with the looks of methods on pages of some colours. */
  Charts(Looks looks, Theme theme) {
    this.looks = looks;
    this.theme = theme;
  }

  /** Accuracy of rows against their multiply-adds. */
  byte[] accuracyAndCost(List<Row> rows) {
    return accuracyAgainst("Million multiply-adds per picture", row -> row.macs() / 1e6, rows);
  }

  /**
   * Accuracy of rows against their time.
   *
   * @throws IllegalStateException if one is missing
   */
  byte[] accuracyAndTime(List<Row> rows) {
    return accuracyAgainst("Milliseconds per picture", Row::milliseconds, rows);
  }

  /** Accuracy of rows against a number that was measured for all of them. */
  byte[] accuracyAndMeasured(String number, String title, List<Row> rows) {
    return accuracyAgainst(title, row -> row.over(run -> run.measured(number)).mean(), rows);
  }

  /**
   * Accuracy of rows against their cost, the costs on a logarithmic axis. A line joins what a
   * method reaches at best for a cost; its other rows are points below.
   */
  private byte[] accuracyAgainst(String title, ToDoubleFunction<Row> cost, List<Row> rows) {
    XYChart chart = chart(title, "Acc@1 in percent");
    XYStyler styler = chart.getStyler();
    // The axis shows log2, so that ticks stand at every doubling and not only at powers of ten.
    Ticks.of(rows.stream().mapToDouble(row -> log2(cost.applyAsDouble(row)))).alongX(styler);
    styler.setxAxisTickLabelsFormattingFunction(Charts::power);
    Ticks.of(rows.stream().mapToDouble(row -> row.acc1().mean())).alongY(styler);
    Map<String, List<Row>> byMethod = new LinkedHashMap<>();
    rows.forEach(row -> byMethod.computeIfAbsent(row.method(), _ -> new ArrayList<>()).add(row));
    byMethod.forEach(
        (method, points) -> {
          String name = points.getFirst().name();
          List<Row> best = CostCurve.of(points, cost).rows();
          addRows(chart, name + " line", looks.of(method), best, cost)
              .setMarker(SeriesMarkers.NONE);
          addRows(chart, name, looks.of(method), points, cost).setLineStyle(SeriesLines.NONE);
        });
    return png(chart);
  }

  private XYSeries addRows(
      XYChart chart, String name, Look look, List<Row> rows, ToDoubleFunction<Row> cost) {
    double[] costs = rows.stream().mapToDouble(row -> log2(cost.applyAsDouble(row))).toArray();
    double[] accuracies = rows.stream().mapToDouble(row -> row.acc1().mean()).toArray();
    return add(chart, name, look, costs, accuracies);
  }

  /** Accuracy of rows on the validation set after each epoch, for the first seed. */
  byte[] trainingCurves(List<Row> rows) {
    XYChart chart = chart("Epoch", "Acc@1 on the validation set, percent");
    chart.getStyler().setXAxisDecimalPattern("0");
    List<CurvePoint> all = rows.stream().flatMap(row -> curve(row).stream()).toList();
    DoubleStream epochs = all.stream().mapToDouble(CurvePoint::epoch);
    Ticks.of(DoubleStream.concat(DoubleStream.of(0), epochs)).alongX(chart.getStyler());
    Ticks.of(all.stream().mapToDouble(p -> p.valAcc1().orElseThrow())).alongY(chart.getStyler());
    for (Row row : rows) {
      List<CurvePoint> curve = curve(row);
      if (!curve.isEmpty()) {
        double[] at = curve.stream().mapToDouble(CurvePoint::epoch).toArray();
        double[] accuracies = curve.stream().mapToDouble(p -> p.valAcc1().orElseThrow()).toArray();
        add(chart, row.title(), looks.of(row.method()), at, accuracies);
      }
    }
    return png(chart);
  }

  /** Returns the evaluated epochs of the first seed; none if nothing was trained. */
  static List<CurvePoint> curve(Row row) {
    return row.runs().getFirst().curve().stream().filter(p -> p.valAcc1().isPresent()).toList();
  }

  /** Tells whether there is a font to write with. */
  static boolean canWrite() {
    try {
      FontRenderContext context = new FontRenderContext(null, true, true);
      return !new Font(Font.SANS_SERIF, Font.PLAIN, 14).getStringBounds("x", context).isEmpty();
    } catch (RuntimeException | LinkageError | InternalError e) { // what AWT throws without fonts
      return false;
    }
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /** All digits, for a rounded one is no doubling of the one before. */
  private static String power(double exponent) {
    return new BigDecimal(Math.pow(2, exponent)).toPlainString();
  }

  /**
   * Ticks at whole numbers, equally far apart: labels without fractions would be the same for some
   * of those between.
   *
   * @param min where the axis begins, at a tick
   * @param max where it ends, at a tick
   * @param step between ticks
   */
  record Ticks(double min, double max, double step) {
    private static final int MOST = 8;

    /** Steps that the library of charts makes; each tenfold, too. */
    private static final double[] STEPS = {1, 2, 5};

    /** About how long an axis is; the library takes the nearest of its steps. */
    private static final int X_PIXELS = 500;

    private static final int Y_PIXELS = 310;

    static Ticks of(DoubleStream values) {
      DoubleSummaryStatistics all = values.summaryStatistics();
      for (double ten = 1; ; ten *= 10) {
        for (double digit : STEPS) {
          double step = digit * ten;
          double first = Math.floor(all.getMin() / step);
          double last = Math.max(first + 1, Math.ceil(all.getMax() / step));
          if (last - first <= MOST) {
            return new Ticks(first * step, last * step, step);
          }
        }
      }
    }

    private int spacing(int pixels) {
      return (int) Math.round(step * pixels / (max - min));
    }

    void alongX(XYStyler styler) {
      styler.setXAxisMin(min).setXAxisMax(max).setXAxisTickMarkSpacingHint(spacing(X_PIXELS));
    }

    void alongY(XYStyler styler) {
      styler.setYAxisMin(min).setYAxisMax(max).setYAxisTickMarkSpacingHint(spacing(Y_PIXELS));
    }
  }

  private XYChart chart(String xTitle, String yTitle) {
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

  private XYSeries add(XYChart chart, String name, Look look, double[] x, double[] y) {
    Color color = look.color().orElse(theme.text);
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(look.shape().marker());
    float[] dashes = look.dashed() ? new float[] {5, 4} : null;
    series.setLineStyle(
        new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0));
    return series;
  }

  private static byte[] png(XYChart chart) {
    BufferedImage image =
        new BufferedImage(WIDTH * DENSITY, HEIGHT * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(DENSITY, DENSITY);
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    return RgbImage.of(image).toPng();
  }
}
