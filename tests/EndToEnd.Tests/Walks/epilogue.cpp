static void Demand(HRESULT result, const char* what)
{
    if (FAILED(result))
    {
        Say(std::string("failed: ") + what + " " + Code(result));
        exit(1);
    }
}

static void Finish(HRESULT result, IVMTask*& task, const char* what)
{
    Demand(result, what);
    Demand(task->WaitForCompletion(60000), what);
    task->Release();
}

static void WalkIn(IVMVirtualPC* application, const char* state)
{
    Say(std::string("== ") + state);
    Walk_IVMVirtualPC(application, "application");
}

int main()
{
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    IVMVirtualPC* application = nullptr;
    Demand(CoCreateInstance(CLSID_VMVirtualPC, nullptr, CLSCTX_LOCAL_SERVER, IID_IVMVirtualPC, (void**)&application), "CoCreateInstance");
    IVMVirtualMachine* machine = nullptr;
    BSTR name = SysAllocString(L"Windows XP Mode");
    Demand(application->FindVirtualMachine(name, &machine), "FindVirtualMachine");
    SysFreeString(name);

    IVMTask* task = nullptr;
    Finish(machine->Startup(&task), task, "Startup");
    IVMGuestOS* guest = nullptr;
    Demand(machine->get_GuestOS(&guest), "GuestOS");
    BSTR system = nullptr;
    for (int tries = 0; tries < 600 && FAILED(guest->get_OSName(&system)); tries++)
    {
        Sleep(50);
    }
    SysFreeString(system);
    guest->Release();
    WalkIn(application, "running");
    Demand(machine->Pause(), "Pause");
    WalkIn(application, "paused");
    Demand(machine->Resume(), "Resume");
    Finish(machine->Save(&task), task, "Save");
    WalkIn(application, "saved");
    Demand(machine->DiscardSavedState(), "DiscardSavedState");
    WalkIn(application, "off");
    machine->Release();
    application->Release();
    Say("== done");
    CoUninitialize();
    return 0;
}
