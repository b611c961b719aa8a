/**
 * The address of the documentation: `homepage` in package.json, which the bundles do not carry. A test
 * compares the two.
 */
export const DOCUMENTATION_URL = "https://serverless-single-session.github.io/serverless-single-session/";

/**
 * The `type` of a problem body (RFC 9457 section 3.1.1): the section of the documentation that explains the
 * code.
 */
export const problemType = (code: string): string => `${DOCUMENTATION_URL}reference/problems#${code}`;
