using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Tests.Channels;

[TestFixture]
internal sealed class ChannelEndpointsTests
{
    private const string Pipe = @"\\.\pipe\mynamedpipe";

    [TestCase("1", 1)]
    [TestCase("6174", 6174)]
    [TestCase("06174", 6174)]
    [TestCase("65535", 65535)]
    public void A_pipe_on_the_host_and_a_port_in_the_guest_are_accepted(string text, int port)
    {
        ChannelEndpoints endpoints = ChannelEndpoints.Parse(EndpointType.NamedPipe, Pipe, EndpointType.TcpIp, text);

        Assert.That(endpoints.Pipe.Name, Is.EqualTo("mynamedpipe"));
        Assert.That(endpoints.GuestPort, Is.EqualTo(port));
    }

    [TestCase(EndpointType.TcpIp, EndpointType.TcpIp)]
    [TestCase(EndpointType.NamedPipe, EndpointType.NamedPipe)]
    [TestCase(EndpointType.TcpIp, EndpointType.NamedPipe)]
    [TestCase((EndpointType)2, EndpointType.TcpIp)]
    [TestCase(EndpointType.NamedPipe, (EndpointType)(-1))]
    public void Every_other_combination_of_kinds_is_an_invalid_argument_whatever_the_texts(EndpointType host, EndpointType guest)
    {
        Assert.That(ErrorOf(() => ChannelEndpoints.Parse(host, Pipe, guest, "6174")), Is.EqualTo(VirtualMachineError.InvalidArgument));
        Assert.That(ErrorOf(() => ChannelEndpoints.Parse(host, null, guest, null)), Is.EqualTo(VirtualMachineError.InvalidArgument));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("0")]
    [TestCase("65536")]
    [TestCase("99999999999999999999")]
    [TestCase("-1")]
    [TestCase("+80")]
    [TestCase(" 80")]
    [TestCase("80 ")]
    [TestCase("0x50")]
    [TestCase("80.0")]
    [TestCase("٨٠")]
    public void A_port_that_is_not_1_to_65535_in_decimal_digits_is_answered_as_a_missing_argument(string? text) => Assert.That(
        ErrorOf(() => ChannelEndpoints.Parse(EndpointType.NamedPipe, Pipe, EndpointType.TcpIp, text)),
        Is.EqualTo(VirtualMachineError.MissingArgument));

    [Test]
    public void A_missing_pipe_name_is_answered_as_a_missing_argument() => Assert.That(
        ErrorOf(() => ChannelEndpoints.Parse(EndpointType.NamedPipe, null, EndpointType.TcpIp, "6174")),
        Is.EqualTo(VirtualMachineError.MissingArgument));

    private static VirtualMachineError ErrorOf(Action action) => Assert.Throws<VirtualMachineException>(action)!.Error;
}
