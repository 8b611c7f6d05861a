/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_PORT_H
#define MF_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the core asks of a board. A port fills one struct mf_port_ops and hands it, with a pointer
 * of its own, to the core; the core has no other way out. Every call returns at once: nothing here
 * may wait for the network.
 */

/* A piece of memory that belongs to somebody else. */
struct mf_bytes
{
  const uint8_t *data;
  size_t         size;
};

/* One value of a metric. Which member holds depends on the metric's datatype; text belongs to who
 * set it. */
union mf_value
{
  uint64_t    u;
  int64_t     i;
  float       f;
  double      d;
  bool        b;
  const char *s;
};

/* Why the program started. Kept over the reset by the port. */
enum mf_reset_cause
{
  MF_RESET_POWER_ON,
  MF_RESET_COMMAND,
  MF_RESET_WATCHDOG,
  MF_RESET_FAULT,
};

/* What an MQTT connection needs. All pointers hold only during the call. Clean session; TLS that
 * trusts `ca` alone. */
struct mf_connect
{
  const char     *host;
  uint16_t        port;
  const char     *tls_name; /* name to check in the broker's certificate; "" = host */
  struct mf_bytes ca;       /* DER */
  const char     *client_id;
  const char     *username;
  const char     *password;
  uint16_t        keepalive_s;
  const char     *will_topic; /* QoS 1, not retained */
  struct mf_bytes will;
};

/* How a fetch came to its end. */
enum mf_fetch_result
{
  MF_FETCH_WHOLE,      /* all that was asked for has been given */
  MF_FETCH_BROKEN,     /* the network, or a server that is busy: worth another try */
  MF_FETCH_REFUSED,    /* there is no such file for this device */
  MF_FETCH_IMPOSSIBLE, /* it cannot fetch from such an address */
};

struct mf_port_ops
{
  /* Milliseconds since some moment; never goes back. */
  uint64_t (*monotonic_ms) (void *user);
  /* UTC in milliseconds of a battery-backed or otherwise set clock. False: the board has none. */
  bool (*wall_ms) (void *user, uint64_t *utc_ms);

  /* The transport. connect() answers by mf_node_connected() or mf_node_disconnected(), subscribe()
   * by mf_node_subscribed(), each never from within the call. False: refused at once, no answer
   * follows. publish() has copied or sent the payload when it returns. disconnect() sends what is
   * queued, then leaves without the will; no answer follows. */
  bool (*connect) (void *user, const struct mf_connect *how);
  bool (*subscribe) (void *user, const char *topic, int qos);
  bool (*publish) (void *user, const char *topic, struct mf_bytes payload, int qos, bool retain);
  void (*disconnect) (void *user);

  /* Two pages of flash, of `store_page_size` bytes each. An erased page reads 0xFF; a byte is
   * written once between erasures, in ascending order. Writes are durable when they return true. */
  bool (*store_read) (void *user, unsigned page, size_t offset, void *data, size_t size);
  bool (*store_write) (void *user, unsigned page, size_t offset, const void *data, size_t size);
  bool (*store_erase) (void *user, unsigned page);

  /* reset() may return; the program must then come to its end by itself. watchdog() is called while
   * all is well. */
  void (*reset) (void *user, enum mf_reset_cause cause);
  enum mf_reset_cause (*reset_cause) (void *user);
  void (*watchdog) (void *user);

  /* Cryptography. random() fills with unpredictable bytes. x25519() is false for a useless point.
   * open() is false when the tag does not fit; `out` may be `in`. blake2b() hashes the parts as if
   * they were one; key_size 0 = no key. */
  void (*random) (void *user, void *out, size_t size);
  bool (*x25519) (void *user, uint8_t out[32], const uint8_t scalar[32], const uint8_t point[32]);
  void (*seal) (void           *user,
                uint8_t        *out,
                const uint8_t   key[32],
                const uint8_t   nonce[12],
                struct mf_bytes ad,
                struct mf_bytes in);
  bool (*open) (void           *user,
                uint8_t        *out,
                const uint8_t   key[32],
                const uint8_t   nonce[12],
                struct mf_bytes ad,
                struct mf_bytes in);
  void (*blake2b) (void                  *user,
                   uint8_t               *out,
                   size_t                 out_size,
                   struct mf_bytes        key,
                   const struct mf_bytes *parts,
                   size_t                 n_parts);
  void (*wipe) (void *user, void *data, size_t size);

  /* Sensors and actuators by the channel of their metric. read() false: the sensor does not answer.
   * write() false: refused. identify() makes the unit blink or beep until told off. */
  bool (*read) (void *user, unsigned channel, union mf_value *value);
  bool (*write) (void *user, unsigned channel, const union mf_value *value);
  void (*identify) (void *user, bool on);

  /* A file of the site's server, by HTTPS that trusts the site's authority: `size` bytes from
   * `offset` on. What comes is given, in order, to mf_device_feed(), its end to
   * mf_device_fetched(); neither from within the call. One fetch at a time. False: refused at once,
   * no answer follows. fetch_stop() may come from within mf_device_feed(); after it nothing more is
   * reported. NULL: the board cannot. */
  bool (*fetch) (void *user, const char *url, uint32_t offset, uint32_t size);
  void (*fetch_stop) (void *user);

  /* What is wrong with the unit, in words for a person; NULL when it has tested itself and is well.
   * The function may be NULL: it has nothing to test. */
  const char *(*self_test) (void *user);
};

struct mf_port
{
  const struct mf_port_ops *ops;
  void                     *user;
  size_t                    store_page_size;
};

#endif
