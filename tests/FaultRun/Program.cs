using VpcComApi.FaultRun;
using VpcComApi.FaultRun.Transfer;

// FaultRun [--kills N] [--seed N]                      the run
// FaultRun server FOLDER                               the guest program: serves until it is killed
// FaultRun client FOLDER ROUND PIPE...                 the host program: one transfer a pipe
return args switch
{
    ["server", string folder] => await TransferServer.RunAsync(folder),
    ["client", string folder, string round, .. string[] pipes] => await TransferClient.RunAsync(folder, int.Parse(round), pipes),
    _ => await FaultRunner.RunAsync(FaultOptions.Read(args)),
};
