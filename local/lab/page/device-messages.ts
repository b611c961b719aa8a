import type { DeviceAnswer } from "../shapes.ts";

/** What the lab's page asks of a device's. */
export type DeviceDeed = "sign-in" | "sign-out" | "look" | "take-user";

export interface AskDevice {
  readonly id: number;
  readonly deed: DeviceDeed;
  readonly user: string;
}

/** What the device's page answers. */
export interface DeviceReply {
  readonly id: number;
  readonly answer: DeviceAnswer;
}
