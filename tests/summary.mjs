// Adds up what the runners reported, names every failed and every skipped test with its reason, and prints the closing line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };

const count = (status, name, why) => {
  total[status]++;
  if (status !== 'passed') console.log(`${status}: ${name}${why ? ` (${why})` : ''}`);
};

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  if (report.results) {
    for (const test of report.results.tests) {
      const status = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      count(status, test.name, status === 'skipped' ? test.message : undefined);
    }
  } else {
    for (const test of report.testResults.flatMap((suite) => suite.assertionResults)) {
      const status = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      count(status, test.fullName);
    }
    // A suite that does not even load reports no assertion: it is a failure all the same.
    for (const suite of report.testResults.filter((s) => s.status === 'failed' && s.assertionResults.length === 0))
      count('failed', suite.name, suite.message);
  }
}

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
