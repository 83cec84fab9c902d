// The host's side in C++: starts a machine, opens a communication channel to a program in it, and talks to that program through a pipe.
// Needs nothing but <vpccominterfaces.h>. README.md says how to compile and start it.

#include <windows.h>

#include <cstdio>
#include <cwchar>
#include <string>

#include <vpccominterfaces.h>

namespace {

constexpr DWORD kReadyLimitMs = 60 * 1000;
constexpr long kStartLimitMs = 120 * 1000;
constexpr size_t kLongestAnswer = 4096;

// A failed step: what was tried, and the HRESULT.
struct Failure {
    std::wstring step;
    HRESULT code;
};

// IErrorInfo's text, where the server left one for the last failed call.
std::wstring LastErrorText() {
    std::wstring text;
    IErrorInfo* info = nullptr;
    if (GetErrorInfo(0, &info) == S_OK) {
        BSTR description = nullptr;
        if (SUCCEEDED(info->GetDescription(&description)) && description != nullptr) {
            text = description;
            SysFreeString(description);
        }
        info->Release();
    }
    return text;
}

void Check(HRESULT code, const wchar_t* step) {
    if (FAILED(code)) {
        std::wstring text = LastErrorText();
        throw Failure{text.empty() ? std::wstring(step) : std::wstring(step) + L": " + text, code};
    }
}

[[noreturn]] void FailWithLastError(const wchar_t* step) {
    throw Failure{step, HRESULT_FROM_WIN32(GetLastError())};
}

// One reference to a COM object.
template <typename Interface>
class Reference {
public:
    Reference() = default;
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;
    ~Reference() {
        if (object_ != nullptr) {
            object_->Release();
        }
    }

    Interface** Out() { return &object_; }
    Interface* operator->() const { return object_; }
    Interface* Get() const { return object_; }
    explicit operator bool() const { return object_ != nullptr; }

private:
    Interface* object_ = nullptr;
};

// One BSTR, made here or received.
class Text {
public:
    Text() = default;
    explicit Text(const std::wstring& value) : value_(SysAllocString(value.c_str())) {}
    Text(const Text&) = delete;
    Text& operator=(const Text&) = delete;
    ~Text() { SysFreeString(value_); }

    BSTR* Out() { return &value_; }
    BSTR Get() const { return value_; }
    const wchar_t* Read() const { return value_ != nullptr ? value_ : L""; }

private:
    BSTR value_ = nullptr;
};

// One handle of the operating system.
class Handle {
public:
    explicit Handle(HANDLE value) : value_(value) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (IsValid()) {
            CloseHandle(value_);
        }
    }

    bool IsValid() const { return value_ != nullptr && value_ != INVALID_HANDLE_VALUE; }
    HANDLE Get() const { return value_; }

private:
    HANDLE value_;
};

// The thread's membership in a COM apartment.
class Apartment {
public:
    Apartment() { Check(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), L"Starting COM"); }
    ~Apartment() { CoUninitialize(); }
    Apartment(const Apartment&) = delete;
    Apartment& operator=(const Apartment&) = delete;
};

void StartMachine(IVMVirtualMachine* machine) {
    VMVMState state = vmVMState_Invalid;
    Check(machine->get_State(&state), L"Reading the machine's state");
    if (state == vmVMState_Running) {
        return;
    }

    Reference<IVMTask> task;
    Check(machine->Startup(task.Out()), L"Starting the machine");
    Check(task->WaitForCompletion(kStartLimitMs), L"Waiting for the machine to start");
}

// The host process sets a named event when the guest service is up. The first of client and host process creates it.
void WaitUntilChannelsAreReady(IVMVirtualMachine* machine) {
    Text tag;
    Check(machine->get_ChassisAssetTag(tag.Out()), L"Reading the chassis asset tag");

    std::wstring name = std::wstring(L"Local\\") + tag.Read() + L"_ChannelReady";
    Handle ready(CreateEventW(nullptr, /* manual reset */ TRUE, /* set */ FALSE, name.c_str()));
    if (!ready.IsValid()) {
        FailWithLastError(L"Opening the ready event");
    }

    switch (WaitForSingleObject(ready.Get(), kReadyLimitMs)) {
        case WAIT_OBJECT_0:
            return;
        case WAIT_TIMEOUT:
            throw Failure{L"The guest service did not come up in time", HRESULT_FROM_WIN32(WAIT_TIMEOUT)};
        default:
            FailWithLastError(L"Waiting for the ready event");
    }
}

void SendLine(HANDLE pipe, const std::string& line) {
    const std::string bytes = line + "\n";
    DWORD written = 0;
    if (!WriteFile(pipe, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) || written != bytes.size()) {
        FailWithLastError(L"Writing to the channel");
    }
}

// Reads up to the end of a line, or of the channel.
std::string ReceiveLine(HANDLE pipe) {
    std::string line;
    char byte = 0;
    DWORD count = 0;
    while (line.size() < kLongestAnswer && ReadFile(pipe, &byte, 1, &count, nullptr) && count == 1 && byte != '\n') {
        line += byte;
    }
    return line;
}

void Talk(const std::wstring& pipeName, const std::wstring& port) {
    Apartment apartment;

    Reference<IVMVirtualPC> application;
    Check(CoCreateInstance(__uuidof(VMVirtualPC), nullptr, CLSCTX_ALL, __uuidof(IVMVirtualPC),
                           reinterpret_cast<void**>(application.Out())),
          L"Creating VirtualPC.Application (is the server registered?)");
    Text name, version;
    Check(application->get_Name(name.Out()), L"Reading the name");
    Check(application->get_Version(version.Out()), L"Reading the version");
    wprintf(L"Connected to %ls %ls\n", name.Read(), version.Read());

    Reference<IVMVirtualMachine> machine;
    Text machineName(L"Windows XP Mode");
    Check(application->FindVirtualMachine(machineName.Get(), machine.Out()), L"Finding the machine");
    if (!machine) {
        // Not an error to COM: S_FALSE and no object.
        throw Failure{std::wstring(L"There is no machine ") + machineName.Read(), S_FALSE};
    }

    StartMachine(machine.Get());
    WaitUntilChannelsAreReady(machine.Get());
    wprintf(L"%ls is running and ready for channels\n", machineName.Read());

    const std::wstring pipePath = L"\\\\.\\pipe\\" + pipeName;
    Text pipeText(pipePath), portText(port);
    Check(machine->StartCommunicationChannel(vmEndpoint_NamedPipe, pipeText.Get(), vmEndpoint_TCPIP, portText.Get()),
          L"Opening the channel");
    wprintf(L"Channel: %ls to guest port %ls\n", pipePath.c_str(), port.c_str());

    Handle pipe(CreateFileW(pipePath.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr));
    if (!pipe.IsValid()) {
        FailWithLastError(L"Opening the pipe");
    }

    const std::string greeting = sizeof(void*) == 8 ? "Hello from 64-bit C++" : "Hello from 32-bit C++";
    SendLine(pipe.Get(), greeting);
    wprintf(L"Sent: %hs\n", greeting.c_str());
    wprintf(L"Received: %hs\n", ReceiveLine(pipe.Get()).c_str());
}

std::wstring Widen(const char* text) {
    return std::wstring(text, text + strlen(text));
}

}  // namespace

int main(int argc, char** argv) {
    const std::wstring pipeName = argc > 1 ? Widen(argv[1]) : L"hello";
    const std::wstring port = argc > 2 ? Widen(argv[2]) : L"6174";
    try {
        Talk(pipeName, port);
        return 0;
    } catch (const Failure& failure) {
        fwprintf(stderr, L"%ls (0x%08lX)\n", failure.step.c_str(), static_cast<unsigned long>(failure.code));
        return 1;
    }
}
