/**
 * What EventBridge calls a rule of the context. People type it, metrics carry it, and the queues know our rules by it.
 */
export const ruleNameInBus = (name: string): string => `MediaConnectNotifier-${name}`;
