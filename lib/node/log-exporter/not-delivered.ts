/** Records are not in, and should be given again later. Its message is one sentence without a full stop: what is in the way. */
export class NotDelivered extends Error {}
