/**
 * X-Ray's SDK has Node call it for every promise that is made, resolved or forgotten, to know which belongs to which
 * segment; nothing is traced here, and that is a third of a simulation. It decides so as it is loaded: whoever loads the
 * functions loads this first. What is deployed has a stand-in for that part of the SDK (`functions/stand-ins`).
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-configuration.html
 */

// biome-ignore lint/style/noProcessEnv: this is how the SDK is told
process.env.AWS_XRAY_MANUAL_MODE = 'true';
