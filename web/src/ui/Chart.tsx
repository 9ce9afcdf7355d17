// SPDX-License-Identifier: LGPL-2.1-or-later
/* Curves over time by uPlot, in the colours of the theme, with the figures in words for readers. */
import 'uplot/dist/uPlot.min.css';
import './chart.css';

import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';

import { time } from './format';
import { type Moment, MomentMarks } from './Moments';
import { theme } from './theme';

export interface Series {
  label: string;
  /** A token's name: --mem-private. */
  colour: string;
  /** As many as there are times; null where nothing is known. */
  values: readonly (number | null)[];
  /** Stacked series are areas on top of one another, in the order of the list; others are lines. */
  stacked?: boolean;
  dashed?: boolean;
}

interface ChartProps {
  /** What is shown, for readers. */
  label: string;
  /** ms */
  times: readonly number[];
  series: Series[];
  marks?: readonly Moment[];
  format: (value: number) => string;
  height?: number;
  /** Where the upper end of the scale is at least. */
  least?: number;
  /** The values are bytes: the scale has steps of powers of two. */
  binary?: boolean;
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/* What uPlot draws: times in s, then the stacked areas from the uppermost down, then the lines. */
function plotted(times: readonly number[], series: Series[]) {
  const stacked = series.filter((each) => each.stacked);
  const sums: (number | null)[][] = [];
  let below: (number | null)[] = times.map(() => 0);
  for (const each of stacked) {
    below = below.map((sum, i) => (sum === null || each.values[i] == null ? null : sum + each.values[i]));
    sums.push(below);
  }
  const lines = series.filter((each) => !each.stacked);
  return {
    order: [...[...stacked].reverse(), ...lines],
    data: [
      times.map((at) => at / 1000),
      ...sums.reverse(),
      ...lines.map((each) => [...each.values]),
    ] as uPlot.AlignedData,
  };
}

/* Steps of a scale of bytes. */
const BINARY_STEPS = Array.from({ length: 46 }, (_, i) => 2 ** i);
const MINUTES = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const SECONDS = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/* uPlot asks with the distance of two marks in s. */
function timeMarks(values: number[], step: number): string[] {
  const format = step < 60 ? SECONDS : MINUTES;
  return values.map((value) => format.format(value * 1000));
}

function drawMarks(marks: () => readonly Moment[]): uPlot.Plugin {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        for (const mark of marks()) {
          const x = plot.valToPos(mark.at / 1000, 'x', true);
          if (x < bbox.left || x > bbox.left + bbox.width) continue;
          ctx.strokeStyle = token(mark.colour);
          ctx.lineWidth = 2;
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.restore();
      },
    },
  };
}

function options(
  props: ChartProps,
  order: Series[],
  width: number,
  marks: () => readonly Moment[],
  onCursor: (at: number | null) => void,
) {
  const axis = {
    stroke: token('--text-2'),
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: props.height ?? 220,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      y: { range: (_: uPlot, __: number, max: number) => [0, Math.max(max * 1.05, props.least ?? 0, 1)] },
    },
    // What is beside the curves; --plot-left and --plot-right say the same.
    padding: [8, 16, 0, 0],
    axes: [
      {
        ...axis,
        size: 30,
        space: 90,
        values: (_: uPlot, values: number[], __: number, ___: number, step: number) =>
          timeMarks(values, step),
      },
      {
        ...axis,
        size: 56,
        values: (_: uPlot, values: number[]) => values.map(props.format),
        ...(props.binary && { incrs: BINARY_STEPS }),
      },
    ],
    series: [
      {},
      ...order.map((each) => ({
        label: each.label,
        stroke: token(each.colour),
        width: each.stacked ? 1 : 2,
        points: { show: false },
        ...(each.stacked && { fill: token(each.colour) }),
        ...(each.dashed && { dash: [6, 4] }),
      })),
    ],
    plugins: [drawMarks(marks)],
    hooks: { setCursor: [(plot: uPlot) => onCursor(plot.cursor.idx ?? null)] },
  } as uPlot.Options;
}

export function Chart(props: ChartProps) {
  const { label, times, series, marks = [], format } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marked = useRef(marks);
  const [cursor, setCursor] = useState<number | null>(null);
  marked.current = marks;
  const shape = `${theme.value} ${series.map((each) => `${each.label} ${each.colour} ${each.stacked}`).join()}`;
  const { order, data } = plotted(times, series);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      options(props, order, element.clientWidth || 300, () => marked.current, setCursor),
      data,
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: props.height ?? 220 });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, props.height]);

  useEffect(() => plot.current?.setData(data), [times, series, marks]);

  const at = cursor !== null && cursor < times.length ? cursor : times.length - 1;
  const shown = (each: Series) => {
    const value = each.values[at];
    return value == null ? '-' : format(value);
  };
  return (
    <figure class="chart" aria-label={label}>
      <div class="plot" ref={place} aria-hidden="true" />
      <MomentMarks
        label={`Marks: ${label}`}
        moments={marks}
        from={times[0] ?? 0}
        to={times[times.length - 1] ?? 0}
      />
      <dl class="legend">
        <div>
          <dt>{cursor === null ? 'now' : 'at'}</dt>
          <dd>{time(times[at])}</dd>
        </div>
        {series.map((each) => (
          <div key={each.label}>
            <dt>
              <span
                class="swatch"
                data-line={each.stacked ? undefined : ''}
                style={{ '--colour': `var(${each.colour})` }}
              />
              {each.label}
            </dt>
            <dd>{shown(each)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
