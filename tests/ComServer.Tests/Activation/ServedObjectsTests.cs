using Microsoft.Extensions.Time.Testing;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Tests.Activation;

[TestFixture]
internal sealed class ServedObjectsTests
{
    private const uint Strong = 1;
    private const uint Weak = 2;

    private ServerLifetime lifetime = null!;
    private ServedObjects served = null!;
    private CountingObserver clients = null!;

    [SetUp]
    public void Start_a_server()
    {
        clients = new CountingObserver();
        lifetime = new ServerLifetime(new FakeServerProcess(), () => false, _ => TimeSpan.FromSeconds(30), new FakeTimeProvider());
        served = new ServedObjects(lifetime, clients);
    }

    [TearDown]
    public void End_the_server() => lifetime.Dispose();

    [Test]
    public void An_object_keeps_the_server_from_its_first_connection_to_its_last()
    {
        IServedObject served1 = new PlainObject(served);
        served1.AddConnection(Strong, 0);
        served1.AddConnection(Strong, 0);
        served1.ReleaseConnection(Strong, 0, 0);
        bool heldAfterOne = lifetime.HasClients;
        served1.ReleaseConnection(Strong, 0, 1);

        Assert.That(heldAfterOne, Is.True);
        Assert.That(lifetime.HasClients, Is.False);
        Assert.That(served.Count, Is.Zero);
        Assert.That(clients.Notes, Is.EqualTo(1));
    }

    [Test]
    public void Weak_connections_keep_nothing()
    {
        IServedObject served1 = new PlainObject(served);
        served1.AddConnection(Weak, 0);

        Assert.That(lifetime.HasClients, Is.False);
    }

    [Test]
    public void Objects_of_clients_that_died_are_cut_off_once_and_release_the_server()
    {
        IServedObject first = new PlainObject(served);
        IServedObject second = new PlainObject(served);
        first.AddConnection(Strong, 0);
        second.AddConnection(Strong, 0);
        List<IServedObject> cut = [];

        // COM reports the end of the connections that it cuts, or does not: both must have the same result.
        int count = served.DisconnectAll(dead =>
        {
            cut.Add(dead);
            if (dead == first)
            {
                dead.ReleaseConnection(Strong, 0, 1);
            }
        });

        Assert.That(count, Is.EqualTo(2));
        Assert.That(cut, Is.EquivalentTo(new[] { first, second }));
        Assert.That(lifetime.HasClients, Is.False);
        Assert.That(served.DisconnectAll(_ => Assert.Fail("Nothing is left to cut off.")), Is.Zero);
    }

    [Test]
    public void An_object_that_was_cut_off_can_be_given_out_again()
    {
        IServedObject again = new PlainObject(served);
        again.AddConnection(Strong, 0);
        served.DisconnectAll(_ => { });
        again.AddConnection(Strong, 0);

        Assert.That(lifetime.HasClients, Is.True);
        Assert.That(served.Count, Is.EqualTo(1));
    }

    private sealed class PlainObject(ServedObjects served) : IServedObject
    {
        public ExternalConnections Connections { get; } = new(served);
    }

    private sealed class CountingObserver : IClientObserver
    {
        public int Notes { get; private set; }

        public void NoteCaller() => Notes++;
    }
}
