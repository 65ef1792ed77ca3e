import type { Answer } from '@preau/contract/tenant/assessment';
import type { QuestionInput } from '@preau/contract/tenant/content';
import { parseNumber } from './number.ts';
import { matches } from './text.ts';

export interface Grade {
  /** Points earned, from 0 to the question's points, to four decimals. */
  score: number;
  /** Whether the answer earned every point. */
  correct: boolean;
  /** What the author says to this answer, then what they say to every answer (Markdown). */
  feedback: string[];
}

export interface Total {
  score: number;
  maxScore: number;
  /** 0–100; a quiz without points counts as fully achieved once submitted. */
  percent: number;
  passed: boolean;
}

/** Two scores closer than this are the same: sums of thirds must reach a pass mark that they equal. */
const EPSILON = 1e-6;

/** Grades one answer; a missing answer earns nothing. Pure: it can be repeated. */
export function grade(question: QuestionInput, answer: Answer | undefined): Grade {
  const { percent, feedback } = outcome(question, answer);
  const share = Math.min(Math.max(percent, 0), 100) / 100;
  return {
    score: round(share * question.points),
    correct: share > 1 - EPSILON,
    feedback: [...feedback, question.feedback].filter((text) => text.trim() !== ''),
  };
}

/** Whether some answer earns every point: an author may have forgotten to mark one. */
export function hasSolution(question: QuestionInput): boolean {
  switch (question.type) {
    case 'single':
      return question.options.some(({ correct, weight }) => (weight ?? (correct ? 100 : 0)) >= 100);
    case 'multiple': {
      const best = question.options.filter(({ correct, weight }) => (weight === null ? correct : weight > 0));
      return grade(question, { kind: 'options', ids: best.map(({ id }) => id) }).correct;
    }
    case 'trueFalse':
      return true;
    case 'shortAnswer':
    case 'numeric':
      return question.answers.some(({ percent }) => percent >= 100);
  }
}

/** Adds up the grades of an attempt against its pass mark in percent. */
export function total(grades: readonly { score: number; points: number }[], passPercent: number): Total {
  const score = round(grades.reduce((sum, one) => sum + one.score, 0));
  const maxScore = round(grades.reduce((sum, one) => sum + one.points, 0));
  const percent = maxScore === 0 ? 100 : round((100 * score) / maxScore);
  return { score, maxScore, percent, passed: percent >= passPercent - 0.001 };
}

interface Outcome {
  /** Share of the points; may lie outside of 0–100 where weights add up so. */
  percent: number;
  feedback: string[];
}
const NONE: Outcome = { percent: 0, feedback: [] };

function outcome(question: QuestionInput, answer: Answer | undefined): Outcome {
  switch (question.type) {
    case 'single': {
      if (answer?.kind !== 'options' || answer.ids.length !== 1) return NONE;
      const chosen = question.options.find((option) => option.id === answer.ids[0]);
      if (!chosen) return NONE;
      return { percent: chosen.weight ?? (chosen.correct ? 100 : 0), feedback: [chosen.feedback] };
    }
    case 'multiple': {
      if (answer !== undefined && answer.kind !== 'options') return NONE;
      const ids = new Set(answer?.ids);
      const chosen = question.options.filter((option) => ids.has(option.id));
      const right = question.options.filter((option) => option.correct).length;
      // Where nothing is right, only ticking nothing is; a wrong tick takes back what a right one gives.
      if (right === 0)
        return {
          percent: answer && chosen.length === 0 ? 100 : 0,
          feedback: chosen.map((one) => one.feedback),
        };
      const each = 100 / right;
      const percent = chosen.reduce((sum, one) => sum + (one.weight ?? (one.correct ? each : -each)), 0);
      return { percent, feedback: chosen.map((one) => one.feedback) };
    }
    case 'trueFalse': {
      if (answer?.kind !== 'boolean') return NONE;
      return {
        percent: answer.value === question.answer ? 100 : 0,
        feedback: [answer.value ? question.feedbackTrue : question.feedbackFalse],
      };
    }
    case 'shortAnswer': {
      if (answer?.kind !== 'text' || answer.value.trim() === '') return NONE;
      const strict = question.caseSensitive;
      return best(
        question.answers.filter((one) =>
          matches(answer.value, one.text, { caseSensitive: strict, accentSensitive: strict }),
        ),
      );
    }
    case 'numeric': {
      if (answer?.kind !== 'text') return NONE;
      const typed = parseNumber(withoutUnit(answer.value, question.unit));
      if (typed === null) return NONE;
      return best(question.answers.filter((one) => within(typed, one.value, one.tolerance)));
    }
  }
}

/** The accepted answer that gives most. */
function best(accepted: readonly { percent: number; feedback: string }[]): Outcome {
  const [first, ...others] = accepted;
  if (!first) return NONE;
  const found = others.reduce((most, one) => (one.percent > most.percent ? one : most), first);
  return { percent: found.percent, feedback: [found.feedback] };
}

/** The bounds belong to the interval, also where binary fractions miss them by a hair (0.1 + 0.2). */
function within(typed: number, value: number, tolerance: number): boolean {
  const hair = Number.EPSILON * 8 * Math.max(Math.abs(typed), Math.abs(value), tolerance);
  return Math.abs(typed - value) <= tolerance + hair;
}

function withoutUnit(typed: string, unit: string): string {
  const text = typed.trim();
  const end = unit.trim();
  if (end === '' || !text.toLowerCase().endsWith(end.toLowerCase())) return text;
  return text.slice(0, -end.length);
}

function round(value: number): number {
  return Math.round((value + Number.EPSILON) * 1e4) / 1e4;
}
