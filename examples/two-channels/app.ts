import { App, Stack } from 'aws-cdk-lib';
import { MediaConnectNotifier } from 'mediaconnect-notifier';

const app = new App();
const stack = new Stack(app, 'Broadcast', { env: { region: 'eu-west-1' } });

new MediaConnectNotifier(stack, 'Notifier', {
  channels: {
    default: { mention: { 'off-air': 'here' } },
    security: { mention: { denied: 'here' } },
  },
  rules: {
    changes: { access: 'mutating', principals: { exclude: ['TerraformDeploy'] } },
    'automation-trouble': {
      access: 'mutating',
      outcome: ['denied', 'failed'],
      principals: { include: ['TerraformDeploy'] },
    },
    entitlements: { access: 'mutating', resources: ['entitlement'], channel: 'security' },
    'denied-reads': { access: 'read-only', outcome: ['denied'], channel: 'security' },
    reads: { access: 'read-only', outcome: ['succeeded', 'failed'], delivery: 'digest' },
  },
  accountNames: { '111122223333': 'playout' },
});
