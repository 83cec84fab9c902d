// A COM client for tests: does what its first argument says and writes what it sees, one fact a line.
#include <windows.h>
#include <initguid.h>
#include <ocidl.h>
#include <vpccominterfaces.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

static void Say(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
}

// Waits for a line, so that the test decides when the next step comes.
static bool NextStep()
{
    char line[256];
    return fgets(line, sizeof line, stdin) != nullptr;
}

static IVMVirtualPC* Create()
{
    IVMVirtualPC* application = nullptr;
    HRESULT result = CoCreateInstance(CLSID_VMVirtualPC, nullptr, CLSCTX_LOCAL_SERVER, IID_IVMVirtualPC, (void**)&application);
    if (result == E_FAIL)
    {
        // Wine's own gap: it drops a client that connects in the very moment at which a class is revoked.
        result = CoCreateInstance(CLSID_VMVirtualPC, nullptr, CLSCTX_LOCAL_SERVER, IID_IVMVirtualPC, (void**)&application);
    }
    if (FAILED(result))
    {
        Say("CoCreateInstance: %08lx", result);
        exit(1);
    }
    return application;
}

static IVMVirtualMachine* Find(IVMVirtualPC* application, const wchar_t* name)
{
    IVMVirtualMachine* machine = nullptr;
    BSTR text = SysAllocString(name);
    application->FindVirtualMachine(text, &machine);
    SysFreeString(text);
    return machine;
}


static bool SameObject(IUnknown* left, IUnknown* right)
{
    IUnknown *leftIdentity = nullptr, *rightIdentity = nullptr;
    left->QueryInterface(IID_IUnknown, (void**)&leftIdentity);
    right->QueryInterface(IID_IUnknown, (void**)&rightIdentity);
    bool same = leftIdentity == rightIdentity;
    leftIdentity->Release();
    rightIdentity->Release();
    return same;
}

class Sink : public IDispatch
{
public:
    explicit Sink(const IID& id, bool hangs) : id(id), hangs(hangs) {}

    STDMETHODIMP QueryInterface(REFIID wanted, void** result) override
    {
        if (wanted != IID_IUnknown && wanted != IID_IDispatch && wanted != id)
        {
            *result = nullptr;
            return E_NOINTERFACE;
        }
        *result = this;
        AddRef();
        return S_OK;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return InterlockedIncrement(&references); }
    STDMETHODIMP_(ULONG) Release() override { return InterlockedDecrement(&references); }
    STDMETHODIMP GetTypeInfoCount(UINT* count) override { *count = 0; return S_OK; }
    STDMETHODIMP GetTypeInfo(UINT, LCID, ITypeInfo**) override { return E_NOTIMPL; }
    STDMETHODIMP GetIDsOfNames(REFIID, LPOLESTR*, UINT, LCID, DISPID*) override { return E_NOTIMPL; }
    STDMETHODIMP Invoke(DISPID event, REFIID, LCID, WORD, DISPPARAMS* arguments, VARIANT*, EXCEPINFO*, UINT*) override
    {
        std::string text = "event " + std::to_string(event);
        for (UINT index = arguments->cArgs; index-- > 0;)
        {
            const VARIANT& argument = arguments->rgvarg[index];
            char value[256];
            switch (argument.vt)
            {
            case VT_I4: snprintf(value, sizeof value, " %ld", argument.lVal); break;
            case VT_BOOL: snprintf(value, sizeof value, " %s", argument.boolVal != VARIANT_FALSE ? "True" : "False"); break;
            case VT_BSTR: snprintf(value, sizeof value, " %ls", argument.bstrVal); break;
            default: snprintf(value, sizeof value, " (type %d)", argument.vt); break;
            }
            text += value;
        }
        Say("%s", text.c_str());
        if (hangs)
        {
            Sleep(INFINITE);
        }
        return S_OK;
    }

private:
    LONG references = 1;
    IID id;
    bool hangs;
};

static IConnectionPoint* FindPoint(IUnknown* source, const IID& events)
{
    IConnectionPointContainer* container = nullptr;
    IConnectionPoint* point = nullptr;
    source->QueryInterface(IID_IConnectionPointContainer, (void**)&container);
    container->FindConnectionPoint(events, &point);
    container->Release();
    return point;
}

// Facts of the interfaces beside the contract, on one machine.
static void Facts()
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, L"windows xp MODE");
    IVMVirtualMachine* again = Find(application, L"Windows XP Mode");
    IVMVirtualPC* other = Create();
    Say("same machine: %d", SameObject(machine, again));
    Say("same application: %d", SameObject(application, other));

    IVMVirtualMachine* nobody = machine;
    BSTR name = SysAllocString(L"nobody");
    HRESULT result = application->FindVirtualMachine(name, &nobody);
    Say("unknown machine: %08lx %d", result, nobody != nullptr);
    SysFreeString(name);

    IVMAccountant* accountant = nullptr;
    Say("pause: %08lx", machine->Pause());
    result = machine->get_Accountant(&accountant);
    Say("accountant: %08lx %d", result, accountant != nullptr);
    if (accountant != nullptr)
    {
        accountant->Release();
    }

    ISupportErrorInfo* support = nullptr;
    machine->QueryInterface(IID_ISupportErrorInfo, (void**)&support);
    Say("error info: %08lx %08lx", support->InterfaceSupportsErrorInfo(IID_IVMVirtualMachine), support->InterfaceSupportsErrorInfo(IID_IVMTask));

    IProvideClassInfo2* info = nullptr;
    GUID events = {};
    ITypeInfo* type = nullptr;
    TYPEATTR* attributes = nullptr;
    machine->QueryInterface(IID_IProvideClassInfo2, (void**)&info);
    result = info->GetGUID(GUIDKIND_DEFAULT_SOURCE_DISP_IID, &events);
    Say("events: %08lx %d", result, events == DIID_IVMVirtualMachineEvents);
    Say("class: %08lx", info->GetClassInfo(&type));
    type->GetTypeAttr(&attributes);
    Say("is VMVirtualMachine: %d", attributes->guid == CLSID_VMVirtualMachine);

    IVMVirtualMachineCollection* machines = nullptr;
    IUnknown* unknown = nullptr;
    IEnumVARIANT* enumerator = nullptr;
    VARIANT element;
    VariantInit(&element);
    ULONG fetched = 0;
    application->get_VirtualMachines(&machines);
    machines->get__NewEnum(&unknown);
    unknown->QueryInterface(IID_IEnumVARIANT, (void**)&enumerator);
    HRESULT next = enumerator->Next(1, &element, &fetched);
    Say("element: %08lx %lu type %d", next, fetched, element.vt);
    Say("same as found: %d", SameObject(element.pdispVal, machine));
    Say("index 0: %08lx", machines->get_Item(0, &nobody));
}

// What an early-bound client sees of a running machine's guest, display, keyboard, mouse and ports.
static void Console()
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, L"Windows XP Mode");
    IVMTask* task = nullptr;
    IVMGuestOS* guest = nullptr;
    IVMDisplay* display = nullptr;
    IVMKeyboard *keyboard = nullptr, *other = nullptr;
    IVMMouse* mouse = nullptr;
    machine->get_GuestOS(&guest);
    machine->get_Display(&display);
    machine->get_Keyboard(&keyboard);
    machine->get_Keyboard(&other);
    Say("mouse while off: %08lx", machine->get_Mouse(&mouse));

    ULONG picture[3072];
    memset(picture, 0xFF, sizeof picture);
    HRESULT result = display->_GenerateThumbnail(picture);
    ULONG lit = 0;
    for (ULONG pixel : picture) lit += pixel != 0;
    Say("thumbnail while off: %08lx %lu lit", result, lit);

    machine->Startup(&task);
    task->WaitForCompletion(60000);
    GUESTOSVERSIONINFOEX* version = nullptr;
    for (int tries = 0; tries < 600 && FAILED(result = guest->GetOsVersionInfo(&version)); tries++) Sleep(100);
    BSTR major = nullptr;
    guest->get_OSMajorVersion(&major);
    Say("version: %08lx size %ld platform %ld major %d type %d", result, (long)version->dwOSVersionInfoSize, (long)version->dwPlatformId,
        version->dwMajorVersion == _wtol(major), version->wProductType >= 1 && version->wProductType <= 3);
    CoTaskMemFree(version);

    VARIANT_BOOL flag = VARIANT_FALSE;
    HRESULT taken = other->put_HasExclusiveAccess(VARIANT_TRUE);
    HRESULT again = other->put_HasExclusiveAccess(VARIANT_TRUE);
    Say("exclusive: %08lx again: %08lx other: %08lx", taken, again, keyboard->put_HasExclusiveAccess(VARIANT_TRUE));
    other->Release();
    for (int tries = 0; tries < 100 && FAILED(result = keyboard->put_HasExclusiveAccess(VARIANT_TRUE)); tries++) Sleep(50);
    Say("after its release: %08lx", result);

    ULONG before[3072];
    display->_GenerateThumbnail(before);
    BSTR text = SysAllocString(L"echo ################################################################");
    Say("type: %08lx", keyboard->TypeAsciiText(text));
    bool changed = false;
    for (int tries = 0; tries < 200 && !changed; tries++)
    {
        Sleep(50);
        display->_GenerateThumbnail(picture);
        changed = memcmp(before, picture, sizeof picture) != 0;
    }
    Say("thumbnail changed: %d", changed);

    long width = 0;
    result = display->SetDimensions(800, 600);
    display->get_Width(&width);
    Say("dimensions: %08lx width %ld odd: %08lx", result, width, display->SetDimensions(801, 600));

    long position = 0;
    Say("mouse: %08lx", machine->get_Mouse(&mouse));
    Say("relative: %08lx", mouse->get_HorizontalPosition(&position));
    mouse->put_UsingAbsoluteCoordinates(VARIANT_TRUE);
    mouse->put_HorizontalPosition(123);
    result = mouse->get_HorizontalPosition(&position);
    Say("absolute: %08lx %ld wheel: %08lx button: %08lx", result, position, mouse->put_ScrollWheelPosition(1), mouse->GetButton((VMMouseButton)4, &flag));

    IVMSerialPortCollection* ports = nullptr;
    IVMSerialPort* port = nullptr;
    long count = 0, id = 0;
    machine->get_SerialPorts(&ports);
    ports->get_Count(&count);
    ports->get_Item(1, &port);
    port->_ID(&id);
    BSTR none = SysAllocString(L"nothing");
    Say("serial ports: %ld id %ld bad pipe: %08lx null: %08lx", count, id, port->Configure(vmSerialPort_NamedPipe, none, VARIANT_FALSE),
        port->Configure(vmSerialPort_NamedPipe, nullptr, VARIANT_FALSE));

    machine->TurnOff(&task);
    task->WaitForCompletion(60000);
}

// Holds objects until told to end; does not release them when told to die.
static void Hold()
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, L"Windows XP Mode");
    Say("holding %d", machine != nullptr);
    NextStep();
    machine->Release();
    application->Release();
}

// Comes and goes around the moment at which an idle server ends.
static void Race(int rounds, int idleMilliseconds)
{
    int failures = 0;
    for (int round = 0; round < rounds; round++)
    {
        IVMVirtualPC* application = nullptr;
        BSTR version = nullptr;
        HRESULT result = CoCreateInstance(CLSID_VMVirtualPC, nullptr, CLSCTX_LOCAL_SERVER, IID_IVMVirtualPC, (void**)&application);
        if (result == E_FAIL)
        {
            // Wine's own gap: it drops a client that connects in the very moment at which a class is revoked.
            result = CoCreateInstance(CLSID_VMVirtualPC, nullptr, CLSCTX_LOCAL_SERVER, IID_IVMVirtualPC, (void**)&application);
        }
        if (SUCCEEDED(result))
        {
            result = application->get_Version(&version);
            application->Release();
        }
        if (FAILED(result))
        {
            failures++;
            Say("round %d: %08lx", round, result);
        }
        // From a little before the idle time is over to a little after the last callers' time.
        Sleep(idleMilliseconds - 100 + 80 * round % 900);
    }
    Say("failures: %d", failures);
}

static void Listen(bool hangs, const wchar_t* name)
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, name);
    IConnectionPoint* machinePoint = FindPoint(machine, DIID_IVMVirtualMachineEvents);
    IConnectionPoint* applicationPoint = FindPoint(application, DIID_IVMVirtualPCEvents);
    DWORD machineCookie = 0, applicationCookie = 0;
    Say("advise: %08lx", machinePoint->Advise(new Sink(DIID_IVMVirtualMachineEvents, hangs), &machineCookie));
    Say("advise: %08lx", applicationPoint->Advise(new Sink(DIID_IVMVirtualPCEvents, hangs), &applicationCookie));
    Say("listening");
    NextStep();
    Say("unadvise: %08lx", machinePoint->Unadvise(machineCookie));
    Say("unadvise again: %08lx", machinePoint->Unadvise(machineCookie));
    applicationPoint->Unadvise(applicationCookie);
}

// Listens to the machine's floppy drive and to its DVD drive.
static void ListenToDrives()
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, L"Windows XP Mode");
    IVMFloppyDriveCollection* floppyDrives = nullptr;
    IVMFloppyDrive* floppyDrive = nullptr;
    IVMDVDDriveCollection* dvdDrives = nullptr;
    IVMDVDDrive* dvdDrive = nullptr;
    machine->get_FloppyDrives(&floppyDrives);
    Say("floppy drive: %08lx", floppyDrives->get_Item(1, &floppyDrive));
    machine->get_DVDROMDrives(&dvdDrives);
    Say("DVD drive: %08lx", dvdDrives->get_Item(1, &dvdDrive));
    DWORD cookie = 0;
    Say("advise: %08lx", FindPoint(floppyDrive, DIID_IVMFloppyDriveEvents)->Advise(new Sink(DIID_IVMFloppyDriveEvents, false), &cookie));
    Say("advise: %08lx", FindPoint(dvdDrive, DIID_IVMDVDDriveEvents)->Advise(new Sink(DIID_IVMDVDDriveEvents, false), &cookie));
    Say("listening");
    NextStep();
}

// Takes an object, reads one property of it and releases it, repeatedly.
template <typename Owner, typename Object, typename Value>
static void TakeAndRelease(Owner* owner, HRESULT (STDMETHODCALLTYPE Owner::*take)(Object**), HRESULT (STDMETHODCALLTYPE Object::*read)(Value*), int rounds)
{
    for (int round = 0; round < rounds; round++)
    {
        Object* object = nullptr;
        Value value = 0;
        HRESULT result = (owner->*take)(&object);
        if (SUCCEEDED(result))
        {
            result = (object->*read)(&value);
            object->Release();
        }
        if (FAILED(result))
        {
            Say("round %d: %08lx", round, result);
        }
    }
}

static volatile bool spinning = true;

// Keeps a processor busy, so that the server's threads are interrupted between any two of their steps.
static DWORD WINAPI Spin(void*)
{
    while (spinning)
    {
    }
    return 0;
}

// Each client has a kind of objects to itself, so that the object that it releases is the last of its kind.
static void ReleaseOneKind(int kind, int rounds)
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, L"Windows XP Mode");
    HANDLE spinner = CreateThread(nullptr, 0, Spin, nullptr, 0, nullptr);
    switch (kind)
    {
    case 1: TakeAndRelease(application, &IVMVirtualPC::get_HostInfo, &IVMHostInfo::get_LogicalProcessorCount, rounds); break;
    case 2: TakeAndRelease(application, &IVMVirtualPC::get_Tasks, &IVMTaskCollection::get_Count, rounds); break;
    case 3: TakeAndRelease(machine, &IVMVirtualMachine::get_Keyboard, &IVMKeyboard::get_HasExclusiveAccess, rounds); break;
    case 4: TakeAndRelease(machine, &IVMVirtualMachine::get_FloppyDrives, &IVMFloppyDriveCollection::get_Count, rounds); break;
    }
    spinning = false;
    WaitForSingleObject(spinner, INFINITE);
    CloseHandle(spinner);
    machine->Release();
    application->Release();
}

// Makes events, and says how long the slowest call took.
static void Change(int count)
{
    IVMVirtualPC* application = Create();
    IVMVirtualMachine* machine = Find(application, L"Windows XP Mode");
    DWORD slowest = 0;
    VARIANT value;
    value.vt = VT_I4;
    BSTR key = SysAllocString(L"test/count");
    for (value.lVal = 1; value.lVal <= count; value.lVal++)
    {
        DWORD start = GetTickCount();
        HRESULT result = machine->SetConfigurationValue(key, value);
        DWORD taken = GetTickCount() - start;
        slowest = taken > slowest ? taken : slowest;
        if (FAILED(result))
        {
            Say("set: %08lx", result);
        }
    }
    Say("slowest: %lu ms", slowest);
}

static void SetIdleTimeout(int seconds)
{
    IVMVirtualPC* application = Create();
    VARIANT value;
    value.vt = VT_I4;
    value.lVal = seconds;
    BSTR key = SysAllocString(L"idle_timeout");
    Say("idle: %08lx", application->SetConfigurationValue(key, value));
    SysFreeString(key);
    application->Release();
}

int main(int count, char** arguments)
{
    std::string command = count > 1 ? arguments[1] : "";
    int number = count > 2 ? atoi(arguments[2]) : 0;
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    if (command == "facts") Facts();
    else if (command == "console") Console();
    else if (command == "idle") SetIdleTimeout(number);
    else if (command == "hold") Hold();
    else if (command == "race") Race(number, atoi(arguments[3]));
    else if (command == "listen") Listen(false, L"Windows XP Mode");
    else if (command == "listen-small") Listen(false, L"Small");
    else if (command == "listen-drives") ListenToDrives();
    else if (command == "hang") Listen(true, L"Windows XP Mode");
    else if (command == "take-and-release") ReleaseOneKind(number, atoi(arguments[3]));
    else if (command == "change") Change(number);
    else return 2;
    CoUninitialize();
    Say("done");
    return 0;
}
