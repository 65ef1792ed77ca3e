/** Import boundaries, checked by dependency-cruiser: who may import whom. */
module.exports = {
  forbidden: [
    {
      name: 'app-imports-app',
      comment: 'An app speaks another app’s API; it never imports it.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'package-imports-app',
      comment: 'A package never imports an app.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(apps|tools|e2e|bench|attack)/' },
    },
    {
      name: 'app-imports-tools',
      comment: 'Tools run apps; only tests borrow their database.',
      severity: 'error',
      from: { path: '^apps/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(tools|e2e|bench|attack)/' },
    },
    {
      name: 'circular',
      comment: 'Two modules that need each other are one module, or three.',
      severity: 'error',
      from: { path: '^(apps|packages|tools)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(node_modules|\\.svelte-kit|\\.next|/build/|/dist/|paraglide)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.svelte', '.json'],
    },
  },
};
