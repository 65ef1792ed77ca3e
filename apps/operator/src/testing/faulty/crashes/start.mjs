// A release that ends at once, saying why.
process.stdout.write('this release crashes\n');
process.exit(1);
