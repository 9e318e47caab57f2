import { App, Stack } from 'aws-cdk-lib';
import { MediaConnectNotifier } from 'mediaconnect-notifier';

const app = new App();
const stack = new Stack(app, 'Broadcast', { env: { region: 'eu-west-1' } });

// Changes and denied calls at once, other reads in a digest; the webhook goes into the secret that the stack makes.
new MediaConnectNotifier(stack, 'Notifier');
