package dev.thumbnet.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.testing.TinyPictures;
import org.junit.jupiter.api.Test;

/** An accuracy is called a guess if guesses have it in more than one of twenty cases. */
final class ChanceTest {
  /** Of 20 tosses of a coin, 14 heads or more have probability 0.0577, 15 or more 0.0207. */
  @Test
  void theLimitIsThatOfTheBinomialDistribution() {
    Chance coin = new Chance(20, 50);
    assertThat(coin.explains(70)).isTrue();
    assertThat(coin.explains(75)).isFalse();
    assertThat(coin.explains(100)).isFalse();
  }

  @Test
  void lessThanAGuessIsOne() {
    assertThat(new Chance(10_000, 10).explains(3)).isTrue();
    assertThat(new Chance(10_000, 10).explains(0)).isTrue();
  }

  @Test
  void manyPicturesLeaveLittleToLuck() {
    Chance chance = new Chance(100_000, 0.1);
    assertThat(chance.explains(0.11)).isTrue();
    assertThat(chance.explains(0.13)).isFalse();
    assertThat(chance.explains(80)).isFalse();
  }

  @Test
  void withOneClassAllIsGuessed() {
    assertThat(new Chance(10, 100).explains(100)).isTrue();
  }

  @Test
  void theBestGuessIsTheMostFrequentClass() {
    Chance chance = Chance.of(TinyPictures.data(12).validation());
    assertThat(chance.percent()).isBetween(33.0, 100.0);
    assertThat(chance.pictures()).isPositive();
  }
}
