using VpcComApi.MarshallingProbe;

// Prints one line a check and ends with the number of those that failed.
Checks checks = new();
ArrayChecks.Run(checks);
ErrorInfoChecks.Run(checks);
LeakChecks.Run(checks);
return checks.Report();
