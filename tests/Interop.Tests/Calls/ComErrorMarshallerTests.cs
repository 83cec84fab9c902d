namespace VpcComApi.Interop.Tests.Calls;

/// <summary>How an exception becomes the HRESULT of a call.</summary>
[TestFixture]
public sealed class ComErrorMarshallerTests
{
    private Func<Exception, ComError> translate = null!;

    [SetUp]
    public void Keep() => translate = ComErrorMarshaller.Translate;

    [TearDown]
    public void Restore() => ComErrorMarshaller.Translate = translate;

    [Test]
    public void Without_a_translation_the_exceptions_own_HRESULT_is_answered() =>
        Assert.That(ComErrorMarshaller.ConvertToUnmanaged(new ArgumentException("bad")), Is.EqualTo(HResults.E_INVALIDARG));

    [Test]
    public void A_translation_of_the_server_decides_the_HRESULT()
    {
        ComErrorMarshaller.Translate = _ => new ComError(HResults.VM_E_TIMED_OUT, "text");

        Assert.That(ComErrorMarshaller.ConvertToUnmanaged(new TimeoutException()), Is.EqualTo(HResults.VM_E_TIMED_OUT));
    }

    [Test]
    public void An_exception_is_never_answered_as_success()
    {
        ComErrorMarshaller.Translate = _ => new ComError(HResults.S_OK, "text");

        Assert.That(ComErrorMarshaller.ConvertToUnmanaged(new TimeoutException()), Is.EqualTo(HResults.E_FAIL));
    }

    [Test]
    public void A_translation_that_fails_itself_does_not_hide_the_failure()
    {
        ComErrorMarshaller.Translate = _ => throw new InvalidOperationException();

        Assert.That(ComErrorMarshaller.ConvertToUnmanaged(new ArgumentException("bad")), Is.EqualTo(HResults.E_INVALIDARG));
    }
}
