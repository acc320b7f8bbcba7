// Prints events as they come, one JSON line each. What was printed is committed; a new start goes on behind it.
//
// KAFKA_BROKERS, KAFKA_SASL_… and TIDINGS_PREFIX are the servers' own; GROUP is the consumer group. A first argument is after how many
// events to end.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl/plain"
)

func main() {
	most := math.MaxInt
	if len(os.Args) > 1 {
		number, err := strconv.Atoi(os.Args[1])
		if err != nil {
			log.Fatal(err)
		}
		most = number
	}
	prefix := os.Getenv("TIDINGS_PREFIX")
	dialer := &kafka.Dialer{Timeout: 10 * time.Second}
	// What the embedded Kafka asks for; .tidings/kafka.env has all of these variables.
	if user := os.Getenv("KAFKA_SASL_USERNAME"); user != "" {
		dialer.SASLMechanism = plain.Mechanism{Username: user, Password: os.Getenv("KAFKA_SASL_PASSWORD")}
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Dialer:      dialer,
		Brokers:     strings.Split(variable("KAFKA_BROKERS", "127.0.0.1:4192"), ","),
		GroupID:     prefix + variable("GROUP", "go-example"),
		Topic:       prefix + "lifecycle.waldur.customers",
		StartOffset: kafka.FirstOffset,
		MaxWait:     200 * time.Millisecond,
	})
	defer reader.Close()
	for seen := 0; seen < most; seen++ {
		// Fetch and commit apart: the position moves when an event has been handled, not when it has been fetched.
		message, err := reader.FetchMessage(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		event := map[string]any{"data": json.RawMessage(message.Value)}
		for _, header := range message.Headers {
			if name, isAttribute := strings.CutPrefix(header.Key, "ce_"); isAttribute {
				event[name] = string(header.Value)
			}
		}
		line, err := json.Marshal(event)
		if err != nil {
			log.Fatal(err)
		}
		// The same event can come twice: source and id tell.
		fmt.Println(string(line))
		if err := reader.CommitMessages(context.Background(), message); err != nil {
			log.Fatal(err)
		}
	}
}

func variable(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
