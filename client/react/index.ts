"use client";

/**
 * The session of a page for React (18 and newer): a provider, a hook, and two components that are plain
 * enough to be styled, or to be drawn by a function of one's own. It is for the browser: the directive, which
 * each module here begins with, tells so to frameworks that run components on a server too.
 * @module
 */
export {
  DevicePicker,
  useDevicePicker,
  type DevicePickerOptions,
  type DevicePickerProps,
  type DevicePickerState,
  type DevicePickerTexts,
} from "./device-picker.tsx";
export { useSession, useSignedIn, type SessionAccess } from "./session-context.ts";
export { SessionProvider, type SessionProviderProps } from "./session-provider.tsx";
export {
  endedText,
  SignedOutNotice,
  type SignedOutNoticeParts,
  type SignedOutNoticeProps,
} from "./signed-out-notice.tsx";
