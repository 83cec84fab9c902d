using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>The order of turns when many tasks are waiting.</summary>
[TestFixture]
internal sealed class TurnQueueTests
{
    private const long Piece = 128 * 1024;

    [Test]
    public void Tasks_that_always_have_work_get_equal_shares()
    {
        TurnQueue queue = new();
        Worker[] workers = [new("a"), new("b"), new("c"), new("d"), new("e")];
        foreach (Worker worker in workers)
        {
            queue.Add(worker);
        }

        for (int turn = 0; turn < 10_000; turn++)
        {
            Worker worker = Serve(queue, Piece);
            queue.Add(worker);
        }

        Assert.That(workers.Max(worker => worker.Done) - workers.Min(worker => worker.Done), Is.LessThanOrEqualTo(TurnQueue.Burst));
    }

    [Test]
    public void A_task_that_begins_its_burst_ends_it_before_others_begin_theirs_also_when_it_pauses()
    {
        TurnQueue queue = new();
        Worker[] workers = [new("a"), new("b"), new("c")];
        foreach (Worker worker in workers)
        {
            queue.Add(worker);
        }

        Worker first = Serve(queue, Piece);
        Worker second = Serve(queue, Piece);
        Assert.That(second, Is.Not.SameAs(first), "while the first one has nothing to do the next begins");

        queue.Add(second);
        queue.Add(first);
        List<Worker> order = new();
        while (order.Distinct().Count() < 3)
        {
            Worker worker = Serve(queue, Piece);
            order.Add(worker);
            queue.Add(worker);
        }

        long begun = TurnQueue.Burst / Piece * 2;
        Assert.That(order, Has.Count.EqualTo(begun - 2 + 1), "the third one begins when both others have had their bursts");
    }

    [Test]
    public void A_task_that_seldom_wants_something_does_not_wait_for_those_that_always_do()
    {
        TurnQueue queue = new();
        for (int n = 0; n < 100; n++)
        {
            queue.Add(new Worker($"bulk {n}"));
        }

        for (int turn = 0; turn < 1000; turn++)
        {
            queue.Add(Serve(queue, Piece));
        }

        Worker message = new("message");
        for (int turn = 0; turn < 10_000; turn++)
        {
            if (turn % 50 == 0)
            {
                queue.Add(message);
                Assert.That(Serve(queue, 64), Is.SameAs(message), $"at turn {turn}");
            }

            queue.Add(Serve(queue, Piece));
        }
    }

    [Test]
    public void Nobody_saves_up_while_idle()
    {
        TurnQueue queue = new();
        Worker late = new("late");
        Worker other = new("other");
        queue.Add(other);
        for (int turn = 0; turn < 1000; turn++)
        {
            queue.Add(Serve(queue, Piece));
        }

        long before = other.Done;
        queue.Add(late);
        for (int turn = 0; turn < 1000; turn++)
        {
            queue.Add(Serve(queue, Piece));
        }

        Assert.That(late.Done - (other.Done - before), Is.InRange(0, 2 * TurnQueue.Burst));
    }

    [Test]
    public void Turns_for_nothing_use_up_a_share_too()
    {
        TurnQueue queue = new();
        Worker idler = new("idler");
        Worker worker = new("worker");
        queue.Add(idler);
        queue.Add(worker);
        int turnsForNothing = 0;
        while (worker.Done < 4 * TurnQueue.Burst)
        {
            Worker next = (Worker)queue.Take()!;
            bool isIdler = next == idler;
            turnsForNothing += isIdler ? 1 : 0;
            next.Done += isIdler ? 0 : Piece;
            TurnQueue.Charge(next, isIdler ? 0 : Piece);
            queue.Add(next);
        }

        Assert.That(turnsForNothing, Is.LessThan(5 * 128), "128 turns for nothing are worth one burst");
    }

    private static Worker Serve(TurnQueue queue, long cost)
    {
        Worker worker = (Worker)queue.Take()!;
        worker.Done += cost;
        TurnQueue.Charge(worker, cost);
        return worker;
    }

    private sealed class Worker(string name) : LoopTask
    {
        public long Done { get; set; }

        public override string ToString() => name;

        internal override Turn Run(int budget) => default;

        internal override void Fail(Exception failure) => throw failure;
    }
}
