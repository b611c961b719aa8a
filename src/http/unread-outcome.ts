/**
 * An outcome that is thrown, and not returned, because the caller reads no response: the platform tries
 * again, and then puts the event where somebody finds it. It is no fault of the function's, and is not
 * counted as one.
 */
export abstract class UnreadOutcomeError extends Error {}
