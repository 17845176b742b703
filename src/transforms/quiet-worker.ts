/**
 * What a worker prints goes to standard error: on standard output there are records only. Nor does each
 * worker tell that Node takes types for an experiment, or that a module says nothing of its kind.
 */
export function quietWorker(): void {
  const { stderr } = process;
  process.stdout.write = stderr.write.bind(stderr);
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error & { readonly code?: string }) => {
    if (warning.name !== 'ExperimentalWarning' && warning.code !== 'MODULE_TYPELESS_PACKAGE_JSON') {
      stderr.write(`${warning.name}: ${warning.message}\n`);
    }
  });
}
