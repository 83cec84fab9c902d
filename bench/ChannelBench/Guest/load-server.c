// The load's server for a guest that has no .NET: one program without libraries. It does what Load/LoadServer.cs does, and looks at the bytes as
// Load/Pattern.cs does. Usage: load-server PORT

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PERIOD = 64 * 1024, WORD = 8, REQUEST = 16, SINK = 1, SOURCE = 2, ECHO = 3, LAST_MESSAGE = 0xFF };

static const uint64_t kSalt = 0x5650434275730000u;
static uint8_t pattern[PERIOD];

static int receive_all(int connection, uint8_t* bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t part = read(connection, bytes + done, length - done);
        if (part <= 0) return 0;
        done += (size_t)part;
    }
    return 1;
}

static int send_all(int connection, const uint8_t* bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t part = write(connection, bytes + done, length - done);
        if (part <= 0) return 0;
        done += (size_t)part;
    }
    return 1;
}

// Whether the first whole word of what was read is the one that belongs to that place of the stream.
static int fits(const uint8_t* bytes, size_t length, int64_t position) {
    size_t skip = (size_t)(-position & (WORD - 1));
    return length < skip + WORD || memcmp(bytes + skip, pattern + ((position + (int64_t)skip) & (PERIOD - 1)), WORD) == 0;
}

static int sink(int connection, uint8_t* buffer, int64_t total) {
    int64_t received = 0;
    int good = 1;
    while (received < total) {
        size_t most = total - received < PERIOD ? (size_t)(total - received) : PERIOD;
        ssize_t length = read(connection, buffer, most);
        if (length <= 0) break;
        good &= fits(buffer, (size_t)length, received);
        received += length;
    }
    int64_t answer = good ? received : -1;
    return send_all(connection, (const uint8_t*)&answer, sizeof answer);
}

static int source(int connection, int32_t write_size, int64_t total) {
    for (int64_t sent = 0; sent < total;) {
        int64_t length = total - sent < write_size ? total - sent : write_size;
        if (!send_all(connection, pattern + (sent & (PERIOD - 1)), (size_t)length)) return 0;
        sent += length;
    }
    return 1;
}

static int echo(int connection, uint8_t* buffer, int32_t size) {
    do {
        if (!receive_all(connection, buffer, (size_t)size) || !send_all(connection, buffer, (size_t)size)) return 0;
    } while (buffer[0] != LAST_MESSAGE);
    return 1;
}

static void* serve(void* argument) {
    int connection = (int)(intptr_t)argument;
    uint8_t request[REQUEST];
    uint8_t* buffer = malloc(PERIOD);
    int goes_on = buffer != NULL;
    while (goes_on && receive_all(connection, request, REQUEST)) {
        int32_t kind, write_size;
        int64_t total;
        memcpy(&kind, request, 4);
        memcpy(&write_size, request + 4, 4);
        memcpy(&total, request + 8, 8);
        goes_on = write_size > 0 && write_size <= PERIOD
            && (kind == SINK ? sink(connection, buffer, total) : kind == SOURCE ? source(connection, write_size, total)
                : kind == ECHO && echo(connection, buffer, write_size));
    }
    free(buffer);
    close(connection);
    return NULL;
}

int main(int count, char** arguments) {
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    place.sin_port = htons(count > 1 ? (uint16_t)atoi(arguments[1]) : 0);
    signal(SIGPIPE, SIG_IGN);
    for (int offset = 0; offset < PERIOD; offset += WORD) {
        uint64_t word = kSalt + (uint64_t)offset;
        memcpy(pattern + offset, &word, WORD);
    }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr*)&place, sizeof place) != 0 || listen(listener, 16) != 0) {
        perror("load-server");
        return 1;
    }
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        pthread_t thread;
        if (connection < 0) continue;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (pthread_create(&thread, NULL, serve, (void*)(intptr_t)connection) == 0) pthread_detach(thread);
        else close(connection);
    }
}
