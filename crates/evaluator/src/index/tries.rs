//! Groups by the literal that a text must begin with.
//!
//! A node stands for a common beginning of literals and looks at the byte behind it; the bytes between one node and
//! the next are not looked at, so a text may be led to a literal it does not begin with, never past one it does.

use std::ops::ControlFlow;

use super::groups::Group;

/// Some tries, their nodes in one array: a node's children stand together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tries {
    nodes: Vec<Node>,
    /// For every node, the byte that leads to it from its parent; of one parent's children in ascending order.
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// Which byte of a text leads on; a literal that ends here has this length.
    at: u32,
    /// Where its children stand, and how many they are.
    children: u32,
    count: u32,
    /// What belongs to the literal that ends here.
    here: Option<Group>,
}

/// As many children are compared one by one.
const FEW: usize = 16;

impl Tries {
    /// Calls `found` with what belongs to each literal that the text begins with, and perhaps to some others.
    #[inline]
    pub(super) fn descend(
        &self,
        root: u32,
        text: &str,
        found: &mut impl FnMut(Group) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut place = root as usize;
        while let Some(node) = self.nodes.get(place) {
            if let Some(group) = node.here {
                found(group)?;
            }
            let Some(child) = self.child(node, text) else { break };
            place = child;
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn child(&self, node: &Node, text: &str) -> Option<usize> {
        let byte = text.as_bytes().get(node.at as usize)?;
        let first = node.children as usize;
        let bytes = self.bytes.get(first..first + node.count as usize)?;
        let place = if bytes.len() <= FEW {
            bytes.iter().position(|other| other == byte)
        } else {
            bytes.binary_search(byte).ok()
        };
        place.map(|place| first + place)
    }

    /// Calls `found` with everything under a root.
    pub(super) fn each(&self, root: u32, found: &mut dyn FnMut(Group)) {
        let mut places = vec![root as usize];
        while let Some(node) = places.pop().and_then(|place| self.nodes.get(place)) {
            if let Some(group) = node.here {
                found(group);
            }
            places.extend((node.children as usize..).take(node.count as usize));
        }
    }

    /// Adds a node that is still empty; `leading` leads to it.
    pub(super) fn push(&mut self, leading: u8) -> usize {
        self.nodes.push(Node { at: 0, children: 0, count: 0, here: None });
        self.bytes.push(leading);
        self.nodes.len() - 1
    }

    /// Fills a node in: its children are the nodes from `children` on, in ascending order of their bytes.
    pub(super) fn fill(&mut self, place: usize, at: usize, children: usize, here: Option<Group>) {
        let count = self.nodes.len() - children;
        if let Some(node) = self.nodes.get_mut(place) {
            *node = Node { at: at as u32, children: children as u32, count: count as u32, here };
        }
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Gives back what was reserved and not used.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.bytes.shrink_to_fit();
    }
}
