/**
 * An outcome that is thrown, and not answered, because whoever called reads no answer: the platform tries
 * again, and then puts the event where somebody finds it. It is no fault of the function's, and is not
 * counted as one.
 */
export abstract class UnreadOutcomeError extends Error {}
