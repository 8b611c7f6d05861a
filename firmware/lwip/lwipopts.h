/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

/* lwIP for two TCP connections without an operating system: IPv4, DHCP, the raw interface. */

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_RAW 0
#define LWIP_IPV6 0
#define LWIP_DHCP 1
#define LWIP_DNS 0
#define LWIP_STATS 0
/* It asks the network for ten seconds whether somebody else has the address, else. */
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_TCP_KEEPALIVE 1

#define MEM_ALIGNMENT 4
#define MEM_SIZE 8192
#define MEMP_NUM_TCP_PCB 5
#define MEMP_NUM_TCP_SEG 12
#define PBUF_POOL_SIZE 8
#define PBUF_POOL_BUFSIZE 1536
#define TCP_MSS 1460
#define TCP_WND (2 * TCP_MSS)
#define TCP_SND_BUF (2 * TCP_MSS)

#endif
