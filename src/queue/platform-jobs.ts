import type { PlatformJob } from "../schools/platform/jobs";
import { logMoveJob } from "../schools/platform/log-move";
import { restoredJob } from "../schools/platform/restored";
import { rotationJob } from "../schools/platform/rotation";
import { enrolmentKeys } from "../segments/self-enrolment/sealed-keys";
import { STORES_OF_THE_WORLD } from "../world/secrets/sealed-stores";

/** Seals all that lies sealed by the newest secret. */
export const rotation: PlatformJob = rotationJob([...STORES_OF_THE_WORLD, enrolmentKeys]);

/** Every kind of work over all schools there is. */
export const PLATFORM_JOBS: readonly PlatformJob[] = [rotation, restoredJob, logMoveJob];
