using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>The requests to a guest service that wait for their answers. Their number, and the wait for each, are bounded.</summary>
/// <param name="machineName">For texts.</param>
/// <param name="integration">Carries the requests.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="ended">Cancelled, before <see cref="FailAll"/>, when the connection ends.</param>
internal sealed class GuestRequests(
    string machineName, IntegrationChannel integration, TimeProvider timeProvider, CancellationToken ended)
{
    /// <summary>How long a guest may take to answer a request.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The most requests that may wait for their answers at once.</summary>
    private const int Maximum = 64;

    // Guards the two below.
    private readonly Lock sync = new();
    private readonly Dictionary<long, TaskCompletionSource<Response>> requests = [];
    private long lastRequest;

    /// <summary>Asks the guest to do something and waits for its answer.</summary>
    /// <param name="compose">Makes the request for a number.</param>
    /// <param name="what">What is asked, for texts: "shut down".</param>
    /// <param name="cancellationToken">Ends the wait; the guest may do it all the same.</param>
    /// <returns>The answer, with no error in it.</returns>
    /// <exception cref="VirtualMachineException">The guest refused, did not answer in time, or has gone.</exception>
    public async Task<Response> AskAsync(Func<long, Request> compose, string what, CancellationToken cancellationToken)
    {
        (long id, Task<Response> answer) = Open(what);
        using CancellationTokenSource limit = new(Limit, timeProvider);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using CancellationTokenSource sending = CancellationTokenSource.CreateLinkedTokenSource(waiting.Token, ended);
        try
        {
            await integration.SendAsync(compose(id), sending.Token);

            // The connection's end is not waited for beside the answer: it cancels the answers that have not come. A guest that is asked to
            // shut down answers and goes, and the answer must not lose a race against its going.
            Response response = await answer.WaitAsync(waiting.Token);
            return response.Error is null ? response : throw Refused(what, response);
        }
        catch (ArgumentException tooLong)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"The request to {what} is too long for the guest service of the machine '{machineName}'.", tooLong);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new VirtualMachineException(
                VirtualMachineError.TimedOut,
                $"The guest of the machine '{machineName}' did not answer the request to {what} within {Limit.TotalSeconds:0} s.");
        }
        catch (Exception gone) when (gone is BusException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Gone(what, gone);
        }
        finally
        {
            lock (sync)
            {
                requests.Remove(id);
            }
        }
    }

    /// <summary>Hands an answer to whoever waits for it.</summary>
    public void Complete(Response response)
    {
        lock (sync)
        {
            // An answer that nobody waits for came too late, or was made up.
            if (requests.Remove(response.Id, out TaskCompletionSource<Response>? answer))
            {
                answer.SetResult(response);
            }
        }
    }

    /// <summary>The connection ends: whoever waits for an answer learns it.</summary>
    public void FailAll()
    {
        lock (sync)
        {
            foreach (TaskCompletionSource<Response> answer in requests.Values)
            {
                answer.TrySetCanceled();
            }

            requests.Clear();
        }
    }

    private (long Id, Task<Response> Answer) Open(string what)
    {
        lock (sync)
        {
            if (ended.IsCancellationRequested)
            {
                throw Gone(what, null);
            }

            if (requests.Count >= Maximum)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.OutOfResources,
                    $"{Maximum} requests to the guest of the machine '{machineName}' wait for their answers. Try again.");
            }

            TaskCompletionSource<Response> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            requests.Add(++lastRequest, answer);
            return (lastRequest, answer.Task);
        }
    }

    private VirtualMachineException Gone(string what, Exception? cause) => new(
        VirtualMachineError.IntegrationFeatureNotAvailable,
        $"The guest service of the machine '{machineName}' went away before it answered the request to {what}. Wait until it is back.",
        cause);

    private VirtualMachineException Refused(string what, Response response)
    {
        VirtualMachineError error = response.Error switch
        {
            IntegrationErrors.NotSupported => VirtualMachineError.IntegrationFeatureNotAvailable,
            IntegrationErrors.InvalidArgument => VirtualMachineError.InvalidArgument,
            IntegrationErrors.AccessDenied => VirtualMachineError.AccessDenied,
            IntegrationErrors.MachineLocked => VirtualMachineError.GuestLocked,
            IntegrationErrors.NotReady => VirtualMachineError.ChannelNotReady,
            IntegrationErrors.ShutdownInProgress => VirtualMachineError.ShutdownInProgress,
            IntegrationErrors.NoLogonSession => VirtualMachineError.NobodyLoggedOn,
            _ => VirtualMachineError.Unexpected,
        };
        string words = GuestText.Bound(response.Message);
        return new VirtualMachineException(
            error,
            $"The guest of the machine '{machineName}' refused to {what}: {(words.Length > 0 ? words : GuestText.Bound(response.Error))}");
    }
}
