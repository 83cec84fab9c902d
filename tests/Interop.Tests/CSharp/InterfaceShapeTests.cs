using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.CSharp;

/// <summary>
/// The C# interfaces are the contract's, member by member. What the vtable really holds is the matter of <see cref="VtableSlotTests"/>.
/// </summary>
[TestFixture]
public sealed class InterfaceShapeTests
{
    private static IEnumerable<InterfaceDefinition> DualInterfaces => ContractSource.Contract.DualInterfaces;

    [TestCaseSource(nameof(DualInterfaces))]
    public void It_has_the_contracts_identifier_and_derives_from_IDispatch(InterfaceDefinition definition)
    {
        Type type = TypeOf(definition);

        Assert.That(type.GUID, Is.EqualTo(new Guid(definition.Iid)));
        Assert.That(type.GetInterfaces(), Is.EqualTo(new[] { typeof(IDispatch) }));
        Assert.That(type.IsDefined(typeof(GeneratedComInterfaceAttribute)), Is.True);
    }

    [TestCaseSource(nameof(DualInterfaces))]
    public void Its_members_are_in_the_order_of_the_slots(InterfaceDefinition definition) =>
        Assert.That(MethodsOf(definition).Select(method => method.Name), Is.EqualTo(definition.Members.Select(member => member.VtblName)));

    [TestCaseSource(nameof(DualInterfaces))]
    public void Its_members_take_and_give_what_the_contract_says(InterfaceDefinition definition)
    {
        foreach ((MemberDefinition member, MethodInfo method) in definition.Members.Zip(MethodsOf(definition)))
        {
            bool keepsHResult = member.DocumentedHresults?.Any(hresult => hresult.Name == "S_FALSE") ?? false;
            List<ParameterDefinition> parameters =
                [.. member.Params.Where(parameter => keepsHResult || parameter.Direction != "out,retval")];
            ParameterDefinition? result = keepsHResult ? null
                : member.Params.SingleOrDefault(parameter => parameter.Direction == "out,retval");
            string name = $"{definition.Name}.{method.Name}";

            Assert.That(KeepsSignature(method), Is.EqualTo(keepsHResult), $"{name}: PreserveSig");
            Assert.That(method.GetParameters().Select(Describe), Is.EqualTo(parameters.Select(Describe)), name);
            Assert.That(
                method.ReturnType, Is.EqualTo(keepsHResult ? typeof(int) : result is null ? typeof(void) : ExpectedType.Of(result)), name);
            if (result is not null)
            {
                Assert.That(MarshallingOf(method.ReturnParameter), Is.EqualTo(MarshallingOf(result)), $"{name}: result");
            }
        }
    }

    [TestCaseSource(nameof(DualInterfaces))]
    public void It_reports_every_exception_through_the_error_marshaller(InterfaceDefinition definition)
    {
        GeneratedComInterfaceAttribute attribute = TypeOf(definition).GetCustomAttribute<GeneratedComInterfaceAttribute>()!;

        Assert.That(attribute.ExceptionToUnmanagedMarshaller, Is.EqualTo(typeof(ComErrorMarshaller)));
        Assert.That(attribute.StringMarshallingCustomType, Is.EqualTo(typeof(BStrStringMarshaller)));
    }

    private static Type TypeOf(InterfaceDefinition definition) =>
        typeof(IDispatch).Assembly.GetType($"VpcComApi.Interop.{definition.Name}", throwOnError: true)!;

    private static List<MethodInfo> MethodsOf(InterfaceDefinition definition)
    {
        // The compiler's COM generator repeats the members of IDispatch in each interface; the contract's own are the others.
        HashSet<string> inherited = typeof(IDispatch).GetMethods().Select(method => method.Name).ToHashSet();
        return [.. TypeOf(definition)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !inherited.Contains(method.Name))
            .OrderBy(method => method.MetadataToken)];
    }

    private static bool KeepsSignature(MethodInfo method) => method.MethodImplementationFlags.HasFlag(MethodImplAttributes.PreserveSig);

    private static string Describe(ParameterInfo parameter)
    {
        string direction = parameter.IsOut ? "out " : "";
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{direction}{type} {parameter.Name} {MarshallingOf(parameter)}";
    }

    private static string Describe(ParameterDefinition parameter)
    {
        // A fixed array is memory of the caller, whose address goes in.
        string direction = parameter.Direction == "in" || parameter.Type.EndsWith(']') ? "" : "out ";
        return $"{direction}{ExpectedType.Of(parameter)} {parameter.Name} {MarshallingOf(parameter)}";
    }

    private static string MarshallingOf(ParameterInfo parameter)
    {
        string? own = parameter.GetCustomAttribute<MarshalUsingAttribute>()?.NativeType?.Name;
        return own ?? parameter.GetCustomAttribute<MarshalAsAttribute>()?.Value.ToString() ?? "";
    }

    private static string MarshallingOf(ParameterDefinition parameter) => parameter.BaseType switch
    {
        "VARIANT" => nameof(VariantMarshaller),
        "VARIANT_BOOL" => nameof(UnmanagedType.VariantBool),
        "DATE" => nameof(OleDateMarshaller),
        "IUnknown" => nameof(UnmanagedType.Interface),
        _ => "",
    };
}
