using VpcComApi.MarshallingProbe;

// Prints one line a check and ends with the number of those that failed.
var checks = new Checks();
ArrayChecks.Run(checks);
ErrorInfoChecks.Run(checks);
LeakChecks.Run(checks);
return checks.Report();
