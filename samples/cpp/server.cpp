// The guest's side in C++: a TCP server on the guest's own loopback address. It prints each line that the host sends and answers it.
// One host after the other; ends with Ctrl-C. Compiles for Windows and for Linux; README.md says how.

#include <cstdio>
#include <cstdlib>
#include <string>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
constexpr int kSendFlags = 0;
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
using SOCKET = int;
constexpr SOCKET INVALID_SOCKET = -1;
// A host that has gone is an error of send, not the end of this program.
constexpr int kSendFlags = MSG_NOSIGNAL;
static int closesocket(SOCKET handle) { return close(handle); }
#endif

namespace {

constexpr size_t kLongestLine = 4096;

class Socket {
public:
    explicit Socket(SOCKET handle) : handle_(handle) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (IsValid()) {
            closesocket(handle_);
        }
    }

    bool IsValid() const { return handle_ != INVALID_SOCKET; }
    SOCKET Get() const { return handle_; }

private:
    SOCKET handle_;
};

bool StartSockets() {
#ifdef _WIN32
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data) == 0;
#else
    return true;
#endif
}

bool Listen(SOCKET listener, unsigned short port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    // Nobody but programs of this guest, such as the guest service, may connect.
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && listen(listener, SOMAXCONN) == 0;
}

bool SendAll(SOCKET peer, const std::string& bytes) {
    for (size_t sent = 0; sent < bytes.size();) {
        const auto count = send(peer, bytes.data() + sent, static_cast<int>(bytes.size() - sent), kSendFlags);
        if (count <= 0) {
            return false;
        }
        sent += static_cast<size_t>(count);
    }
    return true;
}

bool Answer(SOCKET host, const std::string& line) {
    printf("Host says: %s\n", line.c_str());
    fflush(stdout);
    return SendAll(host, "Guest heard: " + line + "\n");
}

// Until the host closes the channel. A last line may come without its end.
void Serve(SOCKET host) {
    std::string line;
    char buffer[512];
    for (;;) {
        const auto count = recv(host, buffer, sizeof buffer, 0);
        if (count <= 0) {
            break;
        }
        for (const char* byte = buffer; byte < buffer + count; ++byte) {
            if (*byte != '\n') {
                line += *byte;
            }
            if (*byte == '\n' || line.size() == kLongestLine) {
                if (!Answer(host, line)) {
                    return;
                }
                line.clear();
            }
        }
    }
    if (!line.empty()) {
        Answer(host, line);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const int port = argc > 1 ? atoi(argv[1]) : 6174;
    if (port < 1 || port > 65535) {
        fprintf(stderr, "usage: server [PORT]\n");
        return 2;
    }
    if (!StartSockets()) {
        fprintf(stderr, "Windows sockets did not start.\n");
        return 1;
    }

    Socket listener(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
    if (!listener.IsValid() || !Listen(listener.Get(), static_cast<unsigned short>(port))) {
        fprintf(stderr, "Port %d cannot be opened; another program may have it.\n", port);
        return 1;
    }
    printf("Listening on 127.0.0.1:%d\n", port);
    fflush(stdout);

    for (;;) {
        Socket host(accept(listener.Get(), nullptr, nullptr));
        if (!host.IsValid()) {
            fprintf(stderr, "Accepting a connection failed.\n");
            return 1;
        }
        Serve(host.Get());
    }
}
