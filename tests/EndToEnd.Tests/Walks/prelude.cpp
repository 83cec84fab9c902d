// Drives a machine through its states and walks the object graph in each, early bound. The walk itself is generated from the contract and follows.
#include <windows.h>
#include <initguid.h>
#include <vpccominterfaces.h>

#include <cstdio>
#include <cstdlib>
#include <string>

static std::string Utf8(const wchar_t* text, int length)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, length, nullptr, 0, nullptr, nullptr);
    std::string result(size, '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, length, &result[0], size, nullptr, nullptr);
    return result;
}

static void Say(const std::string& line)
{
    printf("%s\n", line.c_str());
    fflush(stdout);
}

static std::string Code(HRESULT result)
{
    char text[16];
    snprintf(text, sizeof text, "%lX", (unsigned long)result);
    return text;
}

static std::string TextOf(long value) { return std::to_string(value); }
static std::string TextOf(VARIANT_BOOL value) { return value ? "True" : "False"; }
static std::string TextOf(BSTR value) { return value ? Utf8(value, SysStringLen(value)) : "(NULL)"; }

static std::string TextOf(VARIANT& value)
{
    if (value.vt == (VT_ARRAY | VT_VARIANT) || value.vt == (VT_ARRAY | VT_UI1))
    {
        LONG upper = -1;
        SafeArrayGetUBound(value.parray, 1, &upper);
        if (value.vt == (VT_ARRAY | VT_UI1))
        {
            return "bytes " + std::to_string(upper + 1);
        }
        std::string text = "array " + std::to_string(upper + 1);
        for (LONG index = 0; index <= upper && index < 8; index++)
        {
            VARIANT element;
            VariantInit(&element);
            SafeArrayGetElement(value.parray, &index, &element);
            text += "|" + TextOf(element);
            VariantClear(&element);
        }
        return text;
    }

    VARIANT text;
    VariantInit(&text);
    if (FAILED(VariantChangeTypeEx(&text, &value, LOCALE_INVARIANT, VARIANT_ALPHABOOL, VT_BSTR)))
    {
        return "(type " + std::to_string(value.vt) + ")";
    }
    std::string result = TextOf(text.bstrVal);
    VariantClear(&text);
    return result;
}

static void Release(long&) {}
static void Release(VARIANT_BOOL&) {}
static void Release(BSTR& value) { SysFreeString(value); }
static void Release(VARIANT& value) { VariantClear(&value); }

template <typename T>
static void Report(const std::string& path, bool varies, HRESULT result, T& value)
{
    Say(FAILED(result) ? path + " ! " + Code(result) : path + " = " + (varies ? "(varies)" : TextOf(value)));
    if (SUCCEEDED(result))
    {
        Release(value);
    }
}

static bool Leads(const std::string& path, const char* interfaceName, HRESULT result, IUnknown* target)
{
    Say(FAILED(result) ? path + " ! " + Code(result) : path + " : " + (target ? interfaceName : "Nothing"));
    return SUCCEEDED(result) && target;
}

static void ReportElements(const std::string& path, HRESULT result, IUnknown* unknown)
{
    IEnumVARIANT* elements = nullptr;
    if (FAILED(result) || FAILED(unknown->QueryInterface(IID_IEnumVARIANT, (void**)&elements)))
    {
        Say(path + " ! " + Code(result));
        return;
    }
    long count = 0;
    VARIANT element;
    VariantInit(&element);
    for (ULONG fetched = 0; elements->Next(1, &element, &fetched) == S_OK; count++)
    {
        VariantClear(&element);
    }
    Say(path + " = " + std::to_string(count));
    elements->Release();
    unknown->Release();
}

