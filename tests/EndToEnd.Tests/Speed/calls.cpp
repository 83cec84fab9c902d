// How long late-bound calls take: of the properties of machines, and of a C++ local server whose members do nothing.
//   calls serve                 the empty server, until its input ends
//   calls make NUMBER           makes machines, up to a number of them
//   calls measure ROUNDS        reads every property of every machine, then reads from the empty server as often, and so on in turns: once texts alone,
//                               once an object wherever the product answers one
#include <windows.h>
#include <initguid.h>
#include <vpccominterfaces.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <string>
#include <vector>

// {5B3C2E7A-7D51-4E1B-9C0B-6C6D1F0A9E11}
DEFINE_GUID(CLSID_Empty, 0x5b3c2e7a, 0x7d51, 0x4e1b, 0x9c, 0x0b, 0x6c, 0x6d, 0x1f, 0x0a, 0x9e, 0x11);

static void Demand(HRESULT result, const char* what)
{
    if (FAILED(result))
    {
        printf("failed: %s %08lx\n", what, (unsigned long)result);
        fflush(stdout);
        exit(1);
    }
}

static const wchar_t ObjectName[] = L"Object";
static const DISPID TextId = 1;
static const DISPID ObjectId = 2;

// Knows every name. Answers one property with an object, and every other one with a short text.
class Empty : public IDispatch
{
public:
    STDMETHODIMP QueryInterface(REFIID id, void** result) override
    {
        bool known = id == IID_IUnknown || id == IID_IDispatch;
        *result = known ? this : nullptr;
        return known ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return 2; }
    STDMETHODIMP_(ULONG) Release() override { return 1; }
    STDMETHODIMP GetTypeInfoCount(UINT* count) override { *count = 0; return S_OK; }
    STDMETHODIMP GetTypeInfo(UINT, LCID, ITypeInfo**) override { return E_NOTIMPL; }
    STDMETHODIMP GetIDsOfNames(REFIID, LPOLESTR* names, UINT, LCID, DISPID* id) override
    {
        *id = wcscmp(*names, ObjectName) ? TextId : ObjectId;
        return S_OK;
    }
    STDMETHODIMP Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS*, VARIANT* result, EXCEPINFO*, UINT*) override
    {
        if (id == ObjectId)
        {
            static Empty part;
            result->vt = VT_DISPATCH;
            result->pdispVal = &part;
            return S_OK;
        }
        result->vt = VT_BSTR;
        result->bstrVal = SysAllocString(L"nothing");
        return S_OK;
    }
};

class Factory : public IClassFactory
{
public:
    STDMETHODIMP QueryInterface(REFIID id, void** result) override
    {
        bool known = id == IID_IUnknown || id == IID_IClassFactory;
        *result = known ? this : nullptr;
        return known ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return 2; }
    STDMETHODIMP_(ULONG) Release() override { return 1; }
    STDMETHODIMP CreateInstance(IUnknown*, REFIID id, void** result) override { return object.QueryInterface(id, result); }
    STDMETHODIMP LockServer(BOOL) override { return S_OK; }

private:
    Empty object;
};

static int Serve()
{
    Factory factory;
    DWORD cookie = 0;
    Demand(CoRegisterClassObject(CLSID_Empty, &factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &cookie), "CoRegisterClassObject");
    printf("serving\n");
    fflush(stdout);
    char line[16];
    while (fgets(line, sizeof line, stdin))
    {
    }
    CoRevokeClassObject(cookie);
    return 0;
}

static IVMVirtualPC* Open()
{
    IVMVirtualPC* application = nullptr;
    Demand(CoCreateInstance(CLSID_VMVirtualPC, nullptr, CLSCTX_LOCAL_SERVER, IID_IVMVirtualPC, (void**)&application), "VMVirtualPC");
    return application;
}

static long CountMachines(IVMVirtualPC* application)
{
    IVMVirtualMachineCollection* machines = nullptr;
    long count = 0;
    Demand(application->get_VirtualMachines(&machines), "VirtualMachines");
    Demand(machines->get_Count(&count), "Count");
    machines->Release();
    return count;
}

static int Make(long number)
{
    IVMVirtualPC* application = Open();
    wchar_t folder[MAX_PATH];
    GetTempPathW(MAX_PATH, folder);
    BSTR place = SysAllocString((std::wstring(folder) + L"machines").c_str());
    for (long index = CountMachines(application); index < number; index++)
    {
        BSTR name = SysAllocString((L"Machine " + std::to_wstring(index)).c_str());
        IVMVirtualMachine* machine = nullptr;
        Demand(application->CreateVirtualMachine(name, place, &machine), "CreateVirtualMachine");
        machine->Release();
        SysFreeString(name);
    }
    SysFreeString(place);
    printf("machines: %ld\n", CountMachines(application));
    application->Release();
    return 0;
}

static double Now()
{
    LARGE_INTEGER frequency, counter;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&counter);
    return (double)counter.QuadPart / frequency.QuadPart;
}

// As a script engine reads a property: it asks for the name's number, then for the value, and lets go of an object that it got.
static HRESULT Read(IDispatch* object, const wchar_t* name, VARTYPE* type = nullptr)
{
    LPOLESTR names = const_cast<LPOLESTR>(name);
    DISPID id = 0;
    HRESULT result = object->GetIDsOfNames(IID_NULL, &names, 1, LOCALE_NEUTRAL, &id);
    if (FAILED(result))
    {
        return result;
    }
    DISPPARAMS none = {};
    VARIANT value;
    VariantInit(&value);
    result = object->Invoke(id, IID_NULL, LOCALE_NEUTRAL, DISPATCH_PROPERTYGET, &none, &value, nullptr, nullptr);
    if (type)
    {
        *type = value.vt;
    }
    VariantClear(&value);
    return result;
}

// Microseconds a read.
static double ReadAll(const std::vector<IDispatch*>& objects, const std::vector<std::wstring>& names)
{
    double began = Now();
    for (IDispatch* object : objects)
    {
        for (const std::wstring& name : names)
        {
            Read(object, name.c_str());
        }
    }
    return (Now() - began) / (objects.size() * names.size()) * 1e6;
}

static double Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

static int Measure(int rounds, int count, char** arguments)
{
    std::vector<std::wstring> properties;
    for (int index = 0; index < count; index++)
    {
        properties.push_back(std::wstring(arguments[index], arguments[index] + strlen(arguments[index])));
    }

    IVMVirtualPC* application = Open();
    IVMVirtualMachineCollection* machines = nullptr;
    Demand(application->get_VirtualMachines(&machines), "VirtualMachines");
    std::vector<IDispatch*> objects(CountMachines(application));
    for (size_t index = 0; index < objects.size(); index++)
    {
        Demand(machines->get_Item((long)index + 1, (IVMVirtualMachine**)&objects[index]), "Item");
    }

    IDispatch* empty = nullptr;
    Demand(CoCreateInstance(CLSID_Empty, nullptr, CLSCTX_LOCAL_SERVER, IID_IDispatch, (void**)&empty), "the empty server");
    std::vector<IDispatch*> empties(objects.size(), empty);
    std::vector<std::wstring> alike = properties;
    long parts = 0;
    for (std::wstring& name : alike)
    {
        VARTYPE type = VT_EMPTY;
        Read(objects[0], name.c_str(), &type);
        if (type == VT_DISPATCH)
        {
            name = ObjectName;
            parts++;
        }
    }

    printf("%zu objects, %zu properties, %ld of them objects\n", objects.size(), properties.size(), parts);
    std::vector<double> toTexts, toAlike;
    for (int round = 0; round < rounds; round++)
    {
        double product = ReadAll(objects, properties);
        double texts = ReadAll(empties, properties);
        double same = ReadAll(empties, alike);
        toTexts.push_back(product / texts);
        toAlike.push_back(product / same);
        printf("a read: product %.0f us, empty server's texts %.0f us (%.2f), empty server's texts and objects %.0f us (%.2f)\n",
            product, texts, toTexts.back(), same, toAlike.back());
        fflush(stdout);
    }
    printf("to texts: %.2f\n", Median(toTexts));
    printf("to texts and objects: %.2f\n", Median(toAlike));
    return 0;
}

int main(int argc, char** argv)
{
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    std::string verb = argc > 1 ? argv[1] : "";
    return verb == "serve" ? Serve()
        : verb == "make" && argc > 2 ? Make(atol(argv[2]))
        : verb == "measure" && argc > 3 ? Measure(atoi(argv[2]), argc - 3, argv + 3)
        : 2;
}
