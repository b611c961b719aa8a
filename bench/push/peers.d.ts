/** The project does not have it; `amplify-frames.ts` says what it uses of it. */
declare module "aws-amplify";
declare module "aws-amplify/data";
