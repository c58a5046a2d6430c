import { bundleService } from './bundle-service.ts';
import { isService } from './programs.ts';

/** `node tools/images/bundle/main.ts SERVICE DIRECTORY`: what the image of a service holds. Run by the Dockerfiles. */
const [service, directory] = process.argv.slice(2);
if (isService(service) && directory !== undefined) await bundleService(service, directory);
else {
  console.error('usage: node tools/images/bundle/main.ts gateway|controller DIRECTORY');
  process.exitCode = 2;
}
