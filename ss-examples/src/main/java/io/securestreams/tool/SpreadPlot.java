package io.securestreams.tool;

import java.time.Duration;
import java.util.Locale;

/** Draws a {@link Spread} as SVG: one row for each retry, and below the load on the server. */
final class SpreadPlot {

  private static final int WIDTH = 960;
  private static final int LEFT = 120;
  private static final int RIGHT = 190;
  private static final int TOP = 92;
  private static final int ROW = 44;
  private static final int LOAD = 150;
  private static final int GAP = 58;
  private static final int PLOT = WIDTH - LEFT - RIGHT;
  private static final int SLOTS = PLOT / 2;
  private static final String[] COLOURS = {
    "#0b6e99", "#2a9d8f", "#7a9e22", "#d69a00", "#d9662b", "#b83b5e", "#7b3fa0", "#4355b5"
  };

  private final Spread spread;
  private final long slotMs;
  private final double spanMs;
  private final StringBuilder svg = new StringBuilder();

  private SpreadPlot(Spread spread) {
    this.spread = spread;
    this.slotMs = Math.max(1, (long) Math.ceil(spread.endMs() * 1.02 / SLOTS));
    this.spanMs = (double) slotMs * SLOTS;
  }

  /** The drawing as SVG text. */
  static String svg(Spread spread) {
    return new SpreadPlot(spread).draw();
  }

  private String draw() {
    int rowsEnd = TOP + Math.max(1, spread.retries().size()) * ROW;
    int loadTop = rowsEnd + GAP;
    int height = loadTop + LOAD + 66;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" ", WIDTH, height);
    add("width=\"%d\" height=\"%d\" ", WIDTH, height);
    add("font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\" font-size=\"13\" ");
    add("fill=\"#24292f\">\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, height);
    text(24, 38, "20", "bold", "start", "When " + spread.clients() + " clients come back");
    text(
        24,
        62,
        "13",
        "normal",
        "start",
        "Retry scheme '"
            + spread.scheme()
            + "': all lose the server at 0 s and every attempt fails at once. "
            + "Jitter pulls the crowd apart.");
    if (spread.retries().isEmpty()) {
      text(LEFT, TOP + 28, "14", "normal", "start", "This scheme makes no retry.");
      return svg.append("</svg>\n").toString();
    }
    grid(TOP, rowsEnd);
    for (int i = 0; i < spread.retries().size(); i++) {
      row(i, TOP + i * ROW);
    }
    load(loadTop);
    return svg.append("</svg>\n").toString();
  }

  private void row(int index, int top) {
    long[] moments = spread.retries().get(index);
    String colour = COLOURS[index % COLOURS.length];
    int floor = top + ROW - 8;
    text(LEFT - 14, floor - 6, "13", "normal", "end", "retry " + (index + 1));
    double from = x(moments[0]);
    double width = Math.max(2, x(Spread.last(moments)) - from);
    add(
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"3\" fill=\"%s\" "
            + "fill-opacity=\"0.16\"/>\n",
        from, top + 4, width, ROW - 12, colour);
    int[] counts = Spread.histogram(moments, slotMs, SLOTS);
    int peak = peak(counts);
    for (int slot = 0; slot < SLOTS; slot++) {
      if (counts[slot] > 0) {
        bar(slot, floor, (ROW - 14) * (double) counts[slot] / peak, colour);
      }
    }
    add(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#d0d7de\"/>\n",
        LEFT, LEFT + PLOT, floor, floor);
    text(
        LEFT + PLOT + 14,
        floor - 6,
        "12",
        "normal",
        "start",
        seconds(moments[0]) + " to " + seconds(Spread.last(moments)));
  }

  private void load(int top) {
    int floor = top + LOAD;
    grid(top, floor);
    int[] sum = new int[SLOTS];
    int[][] each = new int[spread.retries().size()][];
    for (int i = 0; i < each.length; i++) {
      each[i] = Spread.histogram(spread.retries().get(i), slotMs, SLOTS);
      for (int slot = 0; slot < SLOTS; slot++) {
        sum[slot] += each[i][slot];
      }
    }
    int peak = peak(sum);
    text(LEFT, top - 14, "14", "bold", "start", "What the server sees");
    text(LEFT + PLOT + 14, top + 12, "12", "normal", "start", "peak " + peak + " attempts");
    text(LEFT + PLOT + 14, top + 30, "12", "normal", "start", "within " + slotMs + " ms");
    int[] height = new int[SLOTS];
    for (int i = 0; i < each.length; i++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        if (each[i][slot] > 0) {
          double unit = (LOAD - 4) / (double) peak;
          bar(slot, floor - height[slot] * unit, each[i][slot] * unit, COLOURS[i % COLOURS.length]);
          height[slot] += each[i][slot];
        }
      }
    }
    axis(floor);
  }

  private void axis(int floor) {
    add(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#57606a\"/>\n",
        LEFT, LEFT + PLOT, floor, floor);
    long step = tickMs();
    for (long t = 0; t <= spanMs; t += step) {
      text(x(t), floor + 20, "12", "normal", "middle", tick(t));
    }
    text(LEFT + PLOT / 2.0, floor + 44, "13", "normal", "middle", "time since the server was lost");
  }

  private void grid(int top, int bottom) {
    long step = tickMs();
    for (long t = 0; t <= spanMs; t += step) {
      add(
          "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#eaeef2\"/>\n",
          x(t), x(t), top, bottom);
    }
  }

  private void bar(int slot, double bottom, double height, String colour) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"2\" height=\"%.1f\" fill=\"%s\"/>\n",
        LEFT + slot * (double) PLOT / SLOTS, bottom - height, height, colour);
  }

  private void text(double x, double y, String size, String weight, String anchor, String content) {
    String safe = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    add("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%s\" font-weight=\"%s\" ", x, y, size, weight);
    add("text-anchor=\"%s\">%s</text>\n", anchor, safe);
  }

  private double x(double millis) {
    return LEFT + millis / spanMs * PLOT;
  }

  /** The smallest of 1, 2, 5, 10, ... that leaves at most ten ticks. */
  private long tickMs() {
    long step = 1;
    for (int i = 0; spanMs / step > 10; i++) {
      step = step * (i % 3 == 1 ? 5 : 4) / 2;
    }
    return step;
  }

  private String tick(long millis) {
    return tickMs() % 1000 == 0 ? millis / 1000 + " s" : seconds(millis);
  }

  private static String seconds(long millis) {
    return DurationText.format(Duration.ofMillis(millis));
  }

  private static int peak(int[] counts) {
    int peak = 1;
    for (int count : counts) {
      peak = Math.max(peak, count);
    }
    return peak;
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
