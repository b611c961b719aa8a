import input from "@inquirer/input";
import select from "@inquirer/select";
import { nameProblem, QUESTION_NAMES, QUESTIONS, valuesOf, type Choices, type Question } from "./choices.ts";

/** The terminal to ask on. @default the process's own */
export type Terminal = Parameters<typeof input>[1];

/** Asks for the app's name. */
export const askName = (terminal?: Terminal): Promise<string> =>
  input(
    {
      message: "What is the app called?",
      default: "my-app",
      validate: (name) => nameProblem(name) ?? true,
    },
    terminal,
  );

/** Asks what is not given, one question after another. */
export async function askRest(given: Partial<Choices>, terminal?: Terminal): Promise<Choices> {
  const answers: Partial<Record<Question, string>> = { ...given };
  for (const question of QUESTION_NAMES) answers[question] ??= await askOne(question, terminal);
  return answers as Choices;
}

function askOne(question: Question, terminal: Terminal): Promise<string> {
  const { message, values } = QUESTIONS[question];
  const choices = Object.entries(values).map(([value, name]) => ({ value, name }));
  return select({ message, choices }, terminal);
}

/** The default of each question where there is no answer. */
export function withDefaults(given: Partial<Choices>): Choices {
  const defaults = QUESTION_NAMES.map((question) => [question, valuesOf(question)[0]]);
  return { ...(Object.fromEntries(defaults) as Choices), ...given };
}
