export type WaitingReason =
  | "ContainerCreating"
  | "CreateContainerConfigError"
  | "CreateContainerError"
  | "ErrImagePull"
  | "ImagePullBackOff";

/** Why a container cannot start now; it is tried again. */
export class ContainerRefusal extends Error {
  readonly reason: WaitingReason;

  constructor(reason: WaitingReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ContainerRefusal";
    this.reason = reason;
  }
}
